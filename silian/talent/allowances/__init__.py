"""Owns what learners of a cohort are promised by phase, and what was paid."""
