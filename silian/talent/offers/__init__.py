"""Owns what follows a published result: answers of both sides, replacements, further rounds."""
