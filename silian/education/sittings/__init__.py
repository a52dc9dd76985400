"""Owns an exam at its place and hour: rooms, invigilators, candidates, tickets and seats."""
