"""Owns elections: posts to fill, nominations, candidates, rounds of voting, who was elected."""
