"""Owns the voting of an election: rounds, count, the scrutineers who confirm it, publication."""
