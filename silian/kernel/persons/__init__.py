"""Owns the one row of each human being, who has what number, and that reading a name is noted."""
