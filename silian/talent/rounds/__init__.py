"""Owns placement rounds up to their opening: timetable, rule, seed, and the seats in them."""
