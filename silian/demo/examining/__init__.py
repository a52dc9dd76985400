"""Owns the practical exams of the demo, and how they were judged."""
