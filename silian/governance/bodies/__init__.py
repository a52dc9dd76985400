"""Owns the bodies under a consortium: committees, colleges, centres, stations, studios."""
