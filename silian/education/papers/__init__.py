"""Owns papers: blueprints, what was chosen for them, their forms, approval and print."""
