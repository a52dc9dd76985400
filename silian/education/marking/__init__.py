"""Owns what an exam's answers are worth: scored at once, or marked by people who stay blind."""
