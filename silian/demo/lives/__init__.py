"""Owns the demo's people as people: their records, what they allow, who saw them."""
