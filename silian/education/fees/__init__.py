"""Owns what is paid for places in courses: receipts with running numbers, ways to pay online."""
