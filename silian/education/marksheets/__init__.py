"""Owns the office's side of marking: how far it is, sheets, items, corrections, statistics."""
