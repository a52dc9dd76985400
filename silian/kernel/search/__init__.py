"""Owns finding things: one index over every kind of object, each hit allowed by its policy."""
