"""Owns the programmes of schools, and how many enter and leave each in a year."""
