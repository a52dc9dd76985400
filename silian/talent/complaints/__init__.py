"""Owns complaints about internships: an independent desk that school and unit cannot look into."""
