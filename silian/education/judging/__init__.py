"""Owns what examiners write at stations: turns as they went, the log of tablets, score sheets."""
