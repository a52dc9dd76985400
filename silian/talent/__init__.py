"""人才链: people, and the rounds that place them."""
