"""Owns what becomes of score sheets: the office's console, arbitration, corrections, papers."""
