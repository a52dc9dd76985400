"""Owns what is done with accounts: a person's own page, and the three separated duties."""
