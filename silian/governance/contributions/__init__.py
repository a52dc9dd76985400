"""Owns the ledger of contributions: what was pledged, delivered, confirmed, and reversed."""
