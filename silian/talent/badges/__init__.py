"""Owns certificates in the form that other software verifies: Open Badges 3.0, the status list, the
identifier of this installation; and the page where holders take theirs along."""
