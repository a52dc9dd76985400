"""Owns the consortium: its kind, names, charter values, industry clusters and stated figures."""
