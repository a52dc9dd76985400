"""Owns saved searches of the hall, and the notices about what is new in them."""
