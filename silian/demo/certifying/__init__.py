"""Owns the certificates of the demo: kinds, what was issued over the year, lists in publicity."""
