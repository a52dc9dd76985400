"""Owns how pages look: the base layout, the components, and the living page that shows them."""
