"""Owns what candidates answer: openings of a paper, the log of answers, the console of a room."""
