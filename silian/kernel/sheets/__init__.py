"""Owns spreadsheets: one way in (template, dry run, all or nothing) and one way out."""
