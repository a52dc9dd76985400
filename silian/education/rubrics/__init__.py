"""Owns how the rubric of a station is entered: its criteria, by page and by sheet."""
