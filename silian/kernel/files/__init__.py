"""Owns uploaded files: checked by content, kept outside the web root with their SHA-256."""
