"""Owns elections up to the vote: posts to fill, nominations, review, the list of candidates."""
