"""Owns what fits whom, and why: positions for a person who consents, programmes for a position."""
