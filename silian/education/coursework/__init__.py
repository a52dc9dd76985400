"""Owns the materials of a session and its homework: set, handed in, marked or given back."""
