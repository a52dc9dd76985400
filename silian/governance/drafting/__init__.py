"""Owns how an agreement comes about: templates, terms, versions, consents, and its freezing."""
