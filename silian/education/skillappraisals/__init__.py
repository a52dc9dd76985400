"""Owns appraisals of skill levels: what is announced, who enters, what need not be taken again."""
