"""Owns the preparation of practical exams: stations and how they are scored, candidates, turns."""
