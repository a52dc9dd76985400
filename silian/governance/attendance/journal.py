"""What a door hands in: lines of its journal, each with a key of its own, in any number of tries.

A door notes each sign-in on the phone first and sends it when there is a network. So a line may
come late, twice, or from two doors at once; each is answered, and the door then forgets it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from silian.governance.attendance.services import sign_in, sign_out
from silian.governance.meetings.models import Attendee, Meeting
from silian.kernel import clock
from silian.kernel.accounts.models import User

MOST = 100  # lines in one message
OLDEST = timedelta(hours=24)  # a phone whose clock is further off than this is not believed
IN, OUT, ALREADY, ABSENT, UNKNOWN, CLOSED = "in", "out", "already", "absent", "unknown", "closed"


@dataclass(frozen=True)
class Line:
    """One sign-in or sign-out as a door noted it."""

    key: UUID
    code: str
    leaves: bool
    at: datetime

    @classmethod
    def read(cls, sent: Any) -> "Line":
        """Raises ValueError for what no door writes."""
        if not isinstance(sent, dict):
            raise ValueError("a line is an object")
        moment = parse_datetime(str(sent.get("at", "")))
        now = clock.now()
        believed = moment and timezone.is_aware(moment) and now - OLDEST < moment <= now
        return cls(
            key=UUID(str(sent.get("key"))),
            code=str(sent.get("code", "")).strip().upper()[:20],
            leaves=sent.get("way") == OUT,
            at=moment if moment and believed else now,
        )


def take(meeting: Meeting, lines: Iterable[Line], *, by: User) -> Iterator[dict[str, Any]]:
    """Do what each line says, and answer it. Each is a transaction of its own."""
    for line in lines:
        rows = Attendee.objects.filter(meeting=meeting, code=line.code)
        attendee = rows.select_related("organisation").first()
        yield {"key": str(line.key), "code": line.code, **_done(attendee, line, by)}


def _done(attendee: Attendee | None, line: Line, by: User) -> dict[str, Any]:
    if attendee is None:
        return {"outcome": UNKNOWN}
    if line.leaves:
        left = sign_out(attendee, by=by, at=line.at) or attendee.left_at == line.at  # or a retry
        outcome = OUT if left else ABSENT
    elif sign_in(attendee, by=by, channel=Attendee.Channel.SCAN, at=line.at, key=line.key):
        outcome = IN
    else:
        outcome = ALREADY if attendee.is_here else CLOSED
    return {"outcome": outcome, **shown(attendee)}


def shown(attendee: Attendee) -> dict[str, Any]:
    """One attendee as a door's list has it, so that the usher sees whom a code belongs to."""
    since = attendee.signed_in_at if attendee.is_here else None
    return {
        "code": attendee.code,
        "name": attendee.name or attendee.unit,
        "unit": attendee.unit if attendee.name else "",
        "title": attendee.title,
        "votes": attendee.votes,
        "since": f"{timezone.localtime(since):%H:%M}" if since else "",
    }
