"""Owns the cohorts of the demo: who selected, trained and paid whom, and what came of it."""
