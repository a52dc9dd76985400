"""Owns the signing of an agreement: signatories, their acts on screen, on paper or from outside."""
