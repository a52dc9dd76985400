"""Owns the published rules by which a round admits and orders students and keeps places."""
