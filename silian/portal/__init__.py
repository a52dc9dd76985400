"""Owns the way in: public homes, role workspaces, navigation, search over everything, health."""
