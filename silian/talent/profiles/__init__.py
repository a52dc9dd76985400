"""Owns students as their school knows them; each row is joined to the account of its person."""
