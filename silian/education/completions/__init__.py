"""Owns who has completed a training and why others have not, and the count of each year."""
