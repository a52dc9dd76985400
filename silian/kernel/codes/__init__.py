"""Owns official codes: regions, industries, occupations, programmes, in versions with a source."""
