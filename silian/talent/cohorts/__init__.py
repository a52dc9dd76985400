"""Owns cohorts: classes that a school and firms train together, their learners and their rules."""
