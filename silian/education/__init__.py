"""教育链: what schools teach, the standards it follows, and how both meet what is needed."""
