"""The one clock. A demo or a rehearsal may set it with SILIAN_CLOCK; then it stands still there."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

WEEKEND = 5  # Saturday, and what follows


def now() -> datetime:
    """The current moment, aware, in UTC unless the clock was set."""
    if settings.CLOCK:
        moment = datetime.fromisoformat(settings.CLOCK)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return timezone.now()


def today() -> date:
    """The current day where the installation is (settings.TIME_ZONE)."""
    return timezone.localtime(now(), timezone.get_default_timezone()).date()


def working_day(start: date, days: int) -> date:
    """The last of ``days`` working days that begin after ``start``; public holidays count as
    working days, so whoever sets an end can set a later one."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < WEEKEND
    return day
