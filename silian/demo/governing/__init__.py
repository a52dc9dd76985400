"""Owns how the demo's bodies govern: councils, bodies, meetings, elections, motions, minutes."""
