"""治理: consortia, their members, bodies, agreements and plans."""
