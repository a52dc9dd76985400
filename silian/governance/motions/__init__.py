"""Owns motions and amendments: what is moved, its wordings, and what became of it."""
