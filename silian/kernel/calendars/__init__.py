"""Owns calendars: invitations and updates as iCalendar, and each person's own feed."""
