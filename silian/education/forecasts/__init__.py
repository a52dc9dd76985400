"""Owns supply and demand side by side, by year, and what is foretold of both."""
