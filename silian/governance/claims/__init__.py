"""Owns claims: a person proves that they act for an organisation that is in the directory."""
