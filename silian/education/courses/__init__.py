"""Owns vocational courses, their sessions with dates and prices, and the public catalogue."""
