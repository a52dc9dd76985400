"""Owns the keys that certificates are signed with: made, replaced, withdrawn, encrypted at rest."""
