"""Owns the vocabulary of skills that demand, courses and people are described in: their words,
their occupations, and a page for each from which whatever uses it can be reached."""
