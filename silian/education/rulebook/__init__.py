"""Owns the rules for plans and standards: what adds up, within which bounds, by which source."""
