"""Owns what became of the learners of a cohort, and how cohorts compare."""
