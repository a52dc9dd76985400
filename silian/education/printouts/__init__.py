"""Owns papers on paper: what candidates write on, and the key for those who mark."""
