"""Owns who was at which lesson: roll calls by a short-lived code on the screen, and by list."""
