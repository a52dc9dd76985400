"""Owns the charter of a consortium: seats, terms, notice, quorum, majorities, proxies, as data."""
