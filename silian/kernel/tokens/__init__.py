"""Owns personal tokens: what lets a program read what its owner may read."""
