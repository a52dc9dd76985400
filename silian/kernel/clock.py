"""The one clock. A demo or a rehearsal may set it with SILIAN_CLOCK; then it stands still there."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The current moment, aware, in UTC unless the clock was set."""
    if settings.CLOCK:
        moment = datetime.fromisoformat(settings.CLOCK)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return timezone.now()


def today() -> date:
    """The current day where the installation is (settings.TIME_ZONE)."""
    return timezone.localtime(now(), timezone.get_default_timezone()).date()
