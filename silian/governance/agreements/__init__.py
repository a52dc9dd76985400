"""Owns agreements between members: their kind, parties, term and stage."""
