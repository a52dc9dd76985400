"""Owns how places in a cohort are given: applications, interviews, the list that both sides agree on, replacement, leaving."""
