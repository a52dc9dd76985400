"""Owns placement rounds: seats, wishes, rankings, the run, its result, and its confirmation."""
