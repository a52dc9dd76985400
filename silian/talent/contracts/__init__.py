"""Owns the three-party agreement of an internship: its terms, its signatories, its offer."""
