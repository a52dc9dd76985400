"""Owns how texts become documents: Markdown from and to Word, and PDF set by Typst."""
