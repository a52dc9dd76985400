"""Owns comparisons of what a programme teaches with what live demand asks for, each a dated
snapshot that can be computed again, and the requests for change that follow from them."""
