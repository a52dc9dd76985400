"""Owns how the units of an edition are entered: hours, credits, skills, by form and by sheet."""
