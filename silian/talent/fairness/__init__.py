"""Owns the report of who got which wish in a round, from which no few people can be worked out."""
