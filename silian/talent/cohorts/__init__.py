"""Owns cohorts: classes that a school and firms train together for a promised employment."""
