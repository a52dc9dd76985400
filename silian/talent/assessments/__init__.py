"""Owns how an internship is assessed, its certificate, and what an enterprise shows of it."""
