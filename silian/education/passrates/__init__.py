"""Owns the figures of appraisals: how many passed, with small numbers kept closed."""
