"""Owns the yearly advice on programmes: what to open, grow, shrink or stop, and the answers."""
