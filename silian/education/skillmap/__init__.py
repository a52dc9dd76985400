"""Owns what was read out of texts: skills that positions and course units seem to name, and words
that the vocabulary seems to lack, each with the passage it stands in, until people decide."""
