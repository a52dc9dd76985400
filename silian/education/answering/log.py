"""The log of answers: what a device sends is kept by one statement, and acknowledged after it.

A line is known by opening and number. So a device may send it as often as it likes, in any order,
before or after the end: it is kept once, and nothing is refused that a device of this candidate
wrote. What counts of it is another matter (engines.answerlog).
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from silian.education.answering.models import Attempt, Line
from silian.engines import answerlog

MOST_LINES = 200  # of one request; a device sends the rest with the next
LONGEST = 20_000  # characters of one answer
NEVER = datetime.min.replace(tzinfo=UTC)
ITEM = re.compile(r"[1-9]\d{0,2}(\.[1-9]\d?)?")

KEEP = """
WITH mine AS (
    SELECT a.id, a.seen_at
    FROM answering_attempt a JOIN answering_opening o ON o.attempt_id = a.id
    WHERE a.candidate_id = %(candidate)s AND o.number = %(opening)s AND o.device = %(device)s
), heard AS (
    UPDATE answering_attempt a SET seen_at = %(now)s FROM mine
    WHERE a.id = mine.id AND mine.seen_at < %(now)s - interval '10 seconds'
), kept AS (
    INSERT INTO answering_line
        (attempt_id, opening, number, item, response, said_at, received_at)
    SELECT mine.id, %(opening)s, sent.number, sent.item, sent.response,
        least(%(now)s, greatest(mine.seen_at, %(now)s - sent.age * interval '1 millisecond')),
        %(now)s
    FROM mine, jsonb_to_recordset(%(lines)s::jsonb)
        AS sent (number int, item text, response jsonb, age bigint)
    ON CONFLICT DO NOTHING
    RETURNING number
)
SELECT a.id, a.openings, a.ends_at, a."end", (SELECT count(*) FROM kept)
FROM answering_attempt a JOIN mine ON a.id = mine.id
"""
OTHERWISE_KEPT = """
SELECT kept.number
FROM answering_line kept JOIN jsonb_to_recordset(%(lines)s::jsonb)
    AS sent (number int, item text, response jsonb, age bigint) ON kept.number = sent.number
WHERE kept.attempt_id = %(attempt)s AND kept.opening = %(opening)s
    AND (kept.item, kept.response) IS DISTINCT FROM (sent.item, sent.response)
"""


class BadLine(ValueError):
    """What was sent is no line of answers."""


@dataclass(frozen=True)
class Standing:
    """How the attempt stands once lines are kept: what the device has to know."""

    opening: int  # the newest: on another number the paper was opened elsewhere
    ends_at: datetime
    end: str
    kept: list[int]  # numbers that are in the log now
    clashing: list[int]  # numbers under which the log holds something else


def keep(
    candidate: int, device: str, opening: int, sent: Sequence[Any], *, now: datetime
) -> Standing | None:
    """Keep what a device sent; None where this device never opened this paper by that number.

    ``sent`` are ``[number, item, response, age in milliseconds]``. Raises BadLine.
    """
    lines = [_line(*one) if isinstance(one, list) and len(one) == 4 else _line() for one in sent]
    facts: dict[str, Any] = {
        "candidate": candidate,
        "device": device,
        "opening": opening,
        "lines": json.dumps(lines),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, facts)
        row = cursor.fetchone()
        if row is None:
            return None
        attempt, openings, ends_at, end, fresh = row
        clashing: list[int] = []
        if fresh < len(lines):
            cursor.execute(OTHERWISE_KEPT, facts | {"attempt": attempt})
            clashing = [number for (number,) in cursor.fetchall()]
    numbers = [line["number"] for line in lines]
    return Standing(openings, ends_at, end, [n for n in numbers if n not in clashing], clashing)


def _line(number: Any = None, item: Any = None, response: Any = None, age: Any = None) -> Any:
    whole = isinstance(number, int) and 0 < number < 2**31 and isinstance(age, int | float)
    if not (whole and isinstance(item, str) and ITEM.fullmatch(item)):
        raise BadLine
    if len(json.dumps(response)) > LONGEST:
        raise BadLine
    return {"number": number, "item": item, "response": response, "age": max(0, int(age))}


def answers_of(attempt: Attempt) -> answerlog.Answers:
    """What counts. Who handed in has said that nothing more comes; then there is no grace."""
    return answers_of_each([attempt])[attempt.pk]


def answers_of_each(attempts: Iterable[Attempt]) -> dict[int, answerlog.Answers]:
    """What counts of many, by key of the attempt; all their lines are read by one query.

    Each should come with ``candidate__exam`` and ``admission``.
    """
    known = {attempt.pk: attempt for attempt in attempts}
    lines: dict[int, list[answerlog.Line]] = {key: [] for key in known}
    names = "attempt_id opening number item response said_at received_at".split()
    for key, *line in Line.objects.filter(attempt__in=known).values_list(*names).iterator():
        admitted = line[-1] <= _admitted_until(known[key])
        lines[key].append(answerlog.Line(*line, admitted))
    return {key: _counting(attempt, lines[key]) for key, attempt in known.items()}


def _admitted_until(attempt: Attempt) -> datetime:
    admission = getattr(attempt, "admission", None)
    return admission.received_until if admission else NEVER


def _counting(attempt: Attempt, lines: Iterable[answerlog.Line]) -> answerlog.Answers:
    ends_at = attempt.ends_at
    grace = attempt.candidate.exam.grace
    if attempt.ended_at:
        ends_at = min(ends_at, attempt.ended_at)
    if attempt.end == Attempt.End.SELF:
        grace = timedelta(0)
    return answerlog.answers(lines, ends_at=ends_at, grace=grace)


def written_so_far(attempt: Attempt) -> dict[str, Any]:
    """The last line to each item, for a device that takes over."""
    lines = attempt.lines.order_by("opening", "number").values_list("item", "response")
    return dict(lines)
