"""Owns candidates of practical exams and when each works where: draw, plan, tickets, calendars."""
