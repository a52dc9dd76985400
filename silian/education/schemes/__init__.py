"""Owns the rules by which skill levels are appraised: parts, methods, pass marks, days."""
