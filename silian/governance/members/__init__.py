"""Owns organisations, their membership in consortia, plaques, and who acts for whom."""
