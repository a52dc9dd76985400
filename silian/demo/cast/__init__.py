"""Owns who appears in the demo: the five bodies as founded, their units, and their people."""
