"""Owns what learners think of a course session: anonymous answers, shown from five on."""
