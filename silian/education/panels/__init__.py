"""Owns what an assessment body marks itself: ethics and performance, and the review by experts."""
