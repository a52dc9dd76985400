"""Owns how an edition is written together: who takes part, sections, units, comments."""
