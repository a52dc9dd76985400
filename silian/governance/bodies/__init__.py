"""Owns the bodies under a consortium, from their founding to their end, and their people."""
