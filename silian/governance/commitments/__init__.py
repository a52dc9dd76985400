"""Owns what follows from a signed agreement: obligations, milestones and yearly evaluations."""
