"""Owns the mentors of a cohort, whom they look after, their hours and what is due for them."""
