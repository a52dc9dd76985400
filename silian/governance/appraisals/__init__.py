"""Owns a running body's work: its yearly plans, results and appraisals, and its renewals."""
