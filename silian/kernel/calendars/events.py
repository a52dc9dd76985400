"""What has a time, as iCalendar (RFC 5545, RFC 5546), and where calendars get it from.

An app adds to everybody's own calendar from its ``receivers.py``::

    @calendars.source
    def meetings_of(user: User) -> Iterable[Event]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from silian.kernel import clock
from silian.kernel.accounts.models import User

CANCEL, PUBLISH, REQUEST = "CANCEL", "PUBLISH", "REQUEST"


@dataclass(frozen=True)
class Event:
    """One thing with a time. ``key`` stays the same for ever; ``revision`` counts its changes."""

    key: str  # "meeting-12", unique in this installation
    title: str
    start: datetime
    end: datetime | None = None
    place: str = ""
    text: str = ""
    url: str = ""  # an address of ours: "/mingshui/meetings/12/"
    revision: int = 0
    cancelled: bool = False


Source = Callable[[User], Iterable[Event]]
sources: list[Source] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def events_of(user: User) -> list[Event]:
    """Everything with a time that concerns ``user``, the earliest first."""
    found = [event for ask in sources for event in ask(user)]
    return sorted(found, key=lambda event: event.start)


def entries(events: Iterable[Event]) -> list[dict[str, str]]:
    """What ``{% calendar %}`` draws: times as every other page shows them, wherever it is read."""
    return [
        {
            "title": event.title,
            "start": _wall_clock(event.start),
            "end": _wall_clock(event.end or event.start),
            "url": event.url,
        }
        for event in events
    ]


def _wall_clock(moment: datetime) -> str:
    return timezone.localtime(moment).replace(tzinfo=None).isoformat()


def written(
    events: Iterable[Event], *, method: str = PUBLISH, name: str = "", to: str = "", mail: str = ""
) -> bytes:
    """A calendar with those events; to be answered by ``to`` at ``mail`` where it invites."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Silian//Calendar//")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        entry = _entry(event)
        if mail:
            entry.add("organizer", _organiser())
            entry.add("attendee", _attendee(to, mail))
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def respond(events: Iterable[Event], *, file: str, name: str = "") -> HttpResponse:
    """The events as an answer that a calendar program subscribes to or takes in."""
    answer = HttpResponse(written(events, name=name), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file}.ics"'
    return answer


def _entry(event: Event) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", f"{event.key}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("summary", event.title)
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", event.start)
    entry.add("sequence", event.revision)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.end:
        entry.add("dtend", event.end)
    address = settings.SITE_URL + event.url if event.url else ""
    for name, value in (("location", event.place), ("description", event.text), ("url", address)):
        if value:
            entry.add(name, value)
    return entry


def _organiser() -> icalendar.vCalAddress:
    """Answers are given on the pages of Silian, and mail to this address is not read."""
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")
    return icalendar.vCalAddress(f"mailto:{address}")


def _attendee(name: str, mail: str) -> icalendar.vCalAddress:
    attendee = icalendar.vCalAddress(f"mailto:{mail}")
    attendee.params.update({"cn": name, "role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION"})
    return attendee
