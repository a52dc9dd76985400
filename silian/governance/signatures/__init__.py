"""Owns signatures: acts on screen, on paper or from outside, each with its sealed evidence."""
