"""Owns the minutes of a meeting: drafted from what happened, approved and sealed."""
