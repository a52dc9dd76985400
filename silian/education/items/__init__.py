"""Owns the bank of questions: who writes and reviews them, their versions, and how each one did."""
