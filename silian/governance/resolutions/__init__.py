"""Owns resolutions: what an organ has decided, who carries it out by when, until it is done."""
