"""Owns the pages of organisations, and under which record one that was entered twice lives on."""
