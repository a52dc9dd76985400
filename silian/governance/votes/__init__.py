"""Owns how motions are voted on: open votes in a meeting and by correspondence, and the count."""
