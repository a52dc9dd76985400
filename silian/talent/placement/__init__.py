"""Owns the run of a round, its result with the reasons, and its confirmation by both sides."""
