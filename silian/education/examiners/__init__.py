"""Owns the register of examiners: what they may examine and until when, and whom they know."""
