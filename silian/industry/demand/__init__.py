"""Owns what enterprises need: positions stated, reviewed, published, confirmed and closed."""
