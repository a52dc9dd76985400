"""Owns what protects interns before they begin: insurance policies, and checks of units on site."""
