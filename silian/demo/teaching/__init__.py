"""Owns what the demo's schools teach: the shared words for skills, and how well they fit demand."""
