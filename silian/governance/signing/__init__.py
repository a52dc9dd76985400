"""Owns the signing of an agreement: who signs, in which order and until when, to its end."""
