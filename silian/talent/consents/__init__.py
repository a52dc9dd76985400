"""Owns what a person allows whom to see of them, and who has looked."""
