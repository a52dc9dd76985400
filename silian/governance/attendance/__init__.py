"""Owns who answers, sends a proxy, comes and signs in: replies, the door, the screen, badges."""
