"""Owns the work plan: the tasks a consortium set itself and its yearly targets."""
