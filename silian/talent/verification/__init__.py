"""Owns how a certificate is shown and checked: its paper with a code, the public check, and the
page that checks without a server."""
