"""Owns catalogues of shortages (紧缺人才目录): an index by a formula that stands on the page."""
