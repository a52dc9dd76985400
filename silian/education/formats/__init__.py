"""Owns the files of other programs that hold questions: GIFT, Moodle XML, QTI."""
