"""Owns what the demo's schools teach: programmes with figures, and plans and course standards."""
