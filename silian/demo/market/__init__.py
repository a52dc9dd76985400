"""Owns the demo's supply and demand: positions, placement rounds, and a region's 26,000 firms."""
