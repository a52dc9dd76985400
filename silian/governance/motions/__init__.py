"""Owns motions and amendments, how they were voted on, and the resolutions that follow."""
