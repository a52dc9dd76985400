"""Owns what people are told, on the page and by mail, and the list of what waits for them."""
