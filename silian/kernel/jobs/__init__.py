"""Owns work in the background: its progress as people see it, and failed work to be retried."""
