"""Owns how a committee reviews an edition, and how its school approves and publishes it."""
