"""Owns the register of the enterprises of a region: what each makes and in which park."""
