"""Owns certificates: their families and kinds, who may issue them, their numbers, what becomes of
one after it was issued, and the paper that shows it."""
