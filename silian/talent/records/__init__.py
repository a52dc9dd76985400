"""Owns a person's record that belongs to them: what they learnt, can do and look for."""
