"""Owns item banks: whose they are, and who may write, review and set papers in them."""
