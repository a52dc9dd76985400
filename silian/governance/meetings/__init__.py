"""Owns meetings: the call, agenda and papers, who is invited, comes and signs in."""
