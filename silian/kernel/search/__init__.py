"""Owns the one index over everything; each hit is shown only where its own policy shows it."""
