"""Owns what the sides of a cohort promised, and the quarterly settlement of promise and actual."""
