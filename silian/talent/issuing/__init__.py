"""Owns how certificates come about: what people have earned and what waits, batches of candidates,
their publicity, objections, and the issuing."""
