"""Owns the public halls of positions: of one consortium and of all, with search and facets."""
