"""What is seen of a room from the front: each seat, and how its candidate stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.answering import log
from silian.education.answering.models import Attempt
from silian.education.sittings.models import Candidate, Form
from silian.kernel import clock

SILENT = timedelta(seconds=30)  # a device that was not heard of for so long has lost contact
ANSWERED = """
SELECT attempt_id, count(DISTINCT item) FROM answering_line
WHERE attempt_id = ANY(%s) AND response IS NOT NULL AND response NOT IN ('""', '[]', '{}', 'null')
GROUP BY attempt_id
"""
STATES = {
    "absent": (_("Not here yet"), "secondary"),
    "admitted": (_("Identity checked"), "azure"),
    "working": (_("At work"), "blue"),
    "silent": (_("No contact"), "orange"),
    "ended": (_("Done"), "green"),
}


@dataclass(frozen=True)
class Seat:
    """One candidate as the console shows them."""

    candidate: Candidate
    attempt: Attempt | None
    state: str  # of STATES
    answered: int
    items: int
    ends_at: datetime | None

    @property
    def label(self) -> Any:
        return STATES[self.state][0]

    @property
    def colour(self) -> str:
        return STATES[self.state][1]


def seats(candidates: QuerySet[Candidate]) -> list[Seat]:
    """The room, by seat; three queries however many sit there."""
    rows = list(candidates.select_related("attempt", "form").order_by("seat"))
    attempts = [one.attempt for one in rows if hasattr(one, "attempt")]
    answered = _answered(attempts)
    return [_seat(one, answered) for one in rows]


def seat_of(candidate: Candidate) -> Seat:
    attempt = getattr(candidate, "attempt", None)
    return _seat(candidate, _answered([attempt] if attempt else []))


def _answered(attempts: Iterable[Attempt]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, [[attempt.pk for attempt in attempts]])
        return dict(cursor.fetchall())


def _seat(candidate: Candidate, answered: dict[int, int]) -> Seat:
    attempt: Attempt | None = getattr(candidate, "attempt", None)
    return Seat(
        candidate=candidate,
        attempt=attempt,
        state=_state(candidate, attempt),
        answered=answered.get(attempt.pk, 0) if attempt else 0,
        items=items_in(candidate.form) if candidate.form else 0,
        ends_at=attempt.ends_at if attempt else None,
    )


def _state(candidate: Candidate, attempt: Attempt | None) -> str:
    if attempt is None:
        return "admitted" if candidate.admitted_at else "absent"
    if attempt.end:
        return "ended"
    return "silent" if clock.now() - attempt.seen_at > SILENT else "working"


def items_in(form: Form) -> int:
    """How many answers a form asks for; each part of a case is one."""
    every = [item["content"] for part in form.content["sections"] for item in part["items"]]
    return sum(len(content.get("parts", ())) or 1 for content in every)


def tally(attempt: Attempt) -> dict[str, int]:
    """How many lines the log holds, how many items count, how many lines came too late."""
    found = log.answers_of(attempt)
    return {
        "lines": attempt.lines.count(),
        "items": len(found.by_item),
        "late": len(found.too_late),
        "openings": attempt.openings,
    }
