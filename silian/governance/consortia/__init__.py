"""Owns the consortium: its kind, names, industry clusters and stated figures."""
