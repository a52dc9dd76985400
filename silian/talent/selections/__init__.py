"""Owns how places in a cohort are given: applications, the list of both sides, replacement."""
