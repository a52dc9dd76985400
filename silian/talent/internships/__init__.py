"""Owns internships: who works where under which agreement, and what the law asks of it."""
