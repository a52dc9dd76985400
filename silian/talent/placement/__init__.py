"""Owns the run of a round, its result with the reasons, and what was decided about it by hand."""
