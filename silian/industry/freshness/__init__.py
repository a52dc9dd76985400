"""Owns that demand stays true: employers asked again, positions lowered, closed and reopened."""
