"""Owns the demo's item banks, papers and how they did."""
