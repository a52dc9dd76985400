"""Owns the seats of a council, who holds which from when to when, and who may vote where."""
