"""Owns what training is asked for where there is no course, pooled for those who teach."""
