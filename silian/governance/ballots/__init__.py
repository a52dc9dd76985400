"""Owns secret ballots: the poll, its roll of voters, the urn and the board anyone can recount."""
