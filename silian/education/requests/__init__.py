"""Owns the answers to those who ask for a change of a plan or course standard."""
