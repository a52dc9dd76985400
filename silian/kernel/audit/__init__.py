"""Owns the record of who did what: entries that nobody can change, chained by hash."""
