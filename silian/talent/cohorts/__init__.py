"""Owns cohorts: classes that a school and firms train together, their learners, and the rules that law sets for them."""
