"""Owns who takes part in a course session: enrolment, eligibility, waiting list, cancellation."""
