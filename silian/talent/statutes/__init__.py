"""Owns what law asks of an internship: rules as data with their sources, and the page of them."""
