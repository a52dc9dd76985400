"""Owns what an exam's answers are worth: scored at once, marked by people blind, and corrected."""
