"""Owns what both sides want in a round: students' wishes and the employers' rankings of them."""
