"""Owns the kinds of body: what each is for, who may host it, its roles, questions and grades."""
