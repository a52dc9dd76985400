"""Owns the vocabulary of skills that demand and people are described in."""
