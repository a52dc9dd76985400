"""Owns the people who sign in: their names, ways in, language, and installation-wide duty."""
