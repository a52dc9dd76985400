"""Owns the joint plan of a cohort: phases, lessons, groups, and who is where when."""
