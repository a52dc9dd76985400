"""Owns the loading of the demo, and the accounts it offers on the sign-in page."""
