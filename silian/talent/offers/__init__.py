"""Owns what follows a published result: its reasons for each side, answers, replacements."""
