"""Owns how items come in from files of other programs, and go out to them."""
