"""Owns templates of positions, and stating last year's demand again."""
