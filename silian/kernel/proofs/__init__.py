"""Owns proofs: that the person at the keyboard has a second factor at this very moment."""
