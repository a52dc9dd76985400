"""Owns the demo's agreements: drafted, signed, performed, amended and ended."""
