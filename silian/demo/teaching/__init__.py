"""Owns what the demo's schools teach: programmes with figures, plans and course standards, the
words for skills, and how programmes stand to demand."""
