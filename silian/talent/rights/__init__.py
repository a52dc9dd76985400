"""Owns what people may ask for by law: a copy of all that is held, correction, deletion."""
