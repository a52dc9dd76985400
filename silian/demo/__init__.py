"""The five bodies of the demo: the same ones for the same seed and day."""
