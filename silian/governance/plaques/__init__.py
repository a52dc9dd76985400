"""Owns plaques (授牌): issued by a numbering rule, withdrawn, listed and checked in public."""
