"""Owns talent-training plans and course standards, in editions that schools and firms write."""
