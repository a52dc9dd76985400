"""Owns what changes a signed agreement: early ends, registrations, amendments and renewals."""
