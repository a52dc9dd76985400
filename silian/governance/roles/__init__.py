"""Owns who acts for whom: roles with terms, and the invitations that lead to them."""
