"""Owns a member's application for a body, from the draft to the secretariat's answer."""
