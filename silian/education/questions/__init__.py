"""Owns what a question consists of: its kinds, what each must hold, and how it is shown."""
