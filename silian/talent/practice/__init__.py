"""Owns what happens during an internship: plan, journal, visits, guidance, incidents, pay."""
