"""Owns the training of the demo: courses, a year of sessions, who took part, paid and completed."""
