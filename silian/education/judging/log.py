"""The log of tablets: what a device wrote is kept once, however often and in any order it comes.

A line is known by opening and number. Nothing is refused that a device of this examiner wrote; what
counts of it is what stands last when the examiner signs.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from silian.education.judging.models import Line, Opening
from silian.education.judging.panels import barred
from silian.education.judging.turns import do
from silian.education.practicals.models import Panellist, Practical, Turn
from silian.kernel import clock
from silian.kernel.accounts.models import User

MOST_LINES = 200  # of one request; a device sends the rest with the next
LONGEST = 2_000  # characters of one response
TURN, COMMENT = "turn", "comment"  # items that are no criteria


class BadLine(ValueError):
    """What was sent is no line of a tablet."""


@dataclass(frozen=True)
class Kept:
    """What became of the lines that a device sent."""

    opening: int  # the newest: on another number the station was opened elsewhere
    kept: list[int]
    clashing: list[int]  # numbers under which the log holds something else
    turns: set[int]  # which turns were spoken of


@transaction.atomic
def open_station(panellist: Panellist, *, device: str) -> Opening:
    """A page begins to write under a number of its own."""
    Panellist.objects.select_for_update().get(pk=panellist.pk)
    last = panellist.opened.last()
    number, now = (last.number if last else 0) + 1, clock.now()
    return Opening.objects.create(
        panellist=panellist, number=number, device=device, at=now, seen_at=now
    )


@transaction.atomic
def keep(
    panellist: Panellist, *, device: str, opening: int, sent: Sequence[Any], by: User
) -> Kept | None:
    """Keep lines ``[number, turn, item, response, age in milliseconds]`` and do what they say about
    turns. None where this device never opened the station by that number. Raises BadLine."""
    Panellist.objects.select_for_update().get(pk=panellist.pk)
    page = panellist.opened.filter(number=opening, device=device).first()
    if page is None:
        return None
    lines = _read(panellist, page, sent)
    there = {
        line.number: (line.turn_id, line.item, line.response)
        for line in Line.objects.filter(
            panellist=panellist, opening=opening, number__in=[line.number for line in lines]
        )
    }
    fresh = {line.number: line for line in reversed(lines) if line.number not in there}
    Line.objects.bulk_create(fresh.values())
    _act([fresh[number] for number in sorted(fresh)], panellist, by)
    there |= {line.number: _said(line) for line in fresh.values()}
    Opening.objects.filter(pk=page.pk).update(seen_at=clock.now())
    same = {line.number for line in lines if there[line.number] == _said(line)}
    clashing = {line.number for line in lines if there[line.number] != _said(line)}
    newest = panellist.opened.last()
    return Kept(
        opening=newest.number if newest else opening,
        kept=sorted(same - clashing),
        clashing=sorted(clashing),
        turns={line.turn_id for line in lines},
    )


def _read(panellist: Panellist, page: Opening, sent: Sequence[Any]) -> list[Line]:
    station = panellist.station
    turns = set(station.turns.values_list("pk", flat=True))
    items = {f"{key}" for key in station.criteria.values_list("pk", flat=True)} | {TURN, COMMENT}
    now = clock.now()
    lines = []
    for one in sent:
        if not isinstance(one, list) or len(one) != 5:
            raise BadLine
        number, turn, item, response, age = one
        if not (type(number) is type(turn) is int and isinstance(item, str)):
            raise BadLine
        if not (0 < number < 2**31 and turn in turns and item in items):
            raise BadLine
        text = json.dumps(response)
        if len(text) > LONGEST or r"\u0000" in text:
            raise BadLine
        facts = {"turn_id": turn, "item": item, "response": response, "received_at": now}
        said_at = believed(page, age, now)
        lines.append(
            Line(panellist=panellist, opening=page.number, number=number, said_at=said_at, **facts)
        )
    return lines


def believed(page: Opening, age: Any, now: datetime) -> datetime:
    """When something was written: not before the server last heard of the page, nor after now."""
    if not isinstance(age, int | float) or not 0 <= age < 10**10:
        return now
    return max(page.seen_at, now - timedelta(milliseconds=age))


def _said(line: Line) -> tuple[int, str, Any]:
    return line.turn_id, line.item, line.response


def _act(lines: Sequence[Line], panellist: Panellist, by: User) -> None:
    """Begin, interrupt and end turns as the lines say; all their turns are held, in one order."""
    acts = [line for line in lines if line.item == TURN and isinstance(line.response, dict)]
    if not acts or panellist.station.practical.state != Practical.State.ANNOUNCED:
        return
    keys = {line.turn_id for line in acts}
    rows = Turn.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    held = {turn.pk: turn for turn in rows.select_related("station")}
    apart = barred(panellist.station.practical, panellist.station)
    for line in acts:
        if (panellist.examiner_id, line.turn_id) in apart:
            continue  # it is kept in the log, and nothing follows from it
        do(held[line.turn_id], line.response or {}, at=line.said_at, by=by)


def answers_of(panellist: Panellist, turn: int | None = None) -> dict[int, dict[str, Any]]:
    """The last line to each item, by turn."""
    lines = panellist.lines.exclude(item=TURN).order_by("opening", "number")
    if turn is not None:
        lines = lines.filter(turn=turn)
    answers: dict[int, dict[str, Any]] = {}
    for key, item, response in lines.values_list("turn", "item", "response"):
        answers.setdefault(key, {})[item] = response
    return answers


def missing(panellist: Panellist, opening: int, written: int) -> list[int]:
    """Numbers that a page counts as written and that have not arrived."""
    rows = panellist.lines.filter(opening=opening).values_list("number", flat=True)
    there: Mapping[int, None] = dict.fromkeys(rows)
    return [number for number in range(1, written + 1) if number not in there]
