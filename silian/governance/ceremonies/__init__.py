"""Owns signing ceremonies: the agreements that are signed in turn under one item of a meeting."""
