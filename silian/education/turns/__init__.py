"""Owns when each candidate of a practical exam works where: the plan, in print and in calendars."""
