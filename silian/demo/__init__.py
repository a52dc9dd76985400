"""Owns the demo: the five bodies of the articles as a deterministic data set."""
