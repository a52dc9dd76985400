"""Owns petitions: units that together demand an extraordinary meeting, as the charter lets them."""
