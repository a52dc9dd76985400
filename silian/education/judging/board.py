"""What a tablet shows of a station: rubric, turns as they stand, what has been written so far."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from silian.education.judging import log
from silian.education.judging.filling import Filled, reckoned
from silian.education.judging.models import Interruption, Photo, Sheet
from silian.education.judging.policy import judged_turns
from silian.education.practicals.models import Criterion, Panellist, Practical, Turn
from silian.engines import lateness
from silian.kernel import clock

LATE = timedelta(minutes=1)  # from which on a turn is said to be late


def rubric_of(panellist: Panellist) -> list[dict[str, Any]]:
    return [
        {
            "key": one.pk,
            "kind": one.kind,
            "name": one.name,
            "points": _plain(one.points),
            "critical": one.critical,
            "photo": one.photo,
            "unit": one.unit,
            "nominal": _plain(one.nominal),
            "below": _plain(one.below),
            "above": _plain(one.above),
        }
        for one in panellist.station.criteria.all()
    ]


def turns_of(panellist: Panellist) -> list[dict[str, Any]]:
    """The turns that this examiner judges: number drawn, plan, state; no name."""
    now = clock.now()
    begins = expected_begins(panellist.station.practical)
    sheets = Sheet.objects.filter(panellist=panellist, state=Sheet.State.SIGNED)
    signed = dict(sheets.values_list("turn", "signed_at"))
    rows = judged_turns(panellist).prefetch_related("performance__interruptions")
    return [_turn(one, begins[one.pk], signed.get(one.pk), now) for one in rows]


def expected_begins(practical: Practical) -> dict[int, datetime]:
    """When each turn of a practical exam will begin, as things stand."""
    rows = Turn.objects.filter(station__practical=practical).select_related(
        "station", "performance"
    )
    turns = [_plan(one) for one in rows]
    pause = timedelta(minutes=practical.changeover)
    begun = any(one.begun_at for one in turns)
    now = clock.now() if begun else practical.begins_at
    return lateness.expected(turns, pause=pause, now=now)


def _plan(turn: Turn) -> lateness.Turn:
    held = getattr(turn, "performance", None)
    return lateness.Turn(
        key=turn.pk,
        desk=(turn.station_id, turn.desk),
        entrant=turn.entrant_id,
        planned=turn.during.lower,
        length=timedelta(minutes=turn.station.minutes),
        begun_at=held.begun_at if held else None,
        ends_at=(held.finished_at or held.ends_at) if held else None,
        missed=bool(held and held.state == "absent"),
    )


def _turn(
    turn: Turn, begins: datetime, signed_at: datetime | None, now: datetime
) -> dict[str, Any]:
    held = getattr(turn, "performance", None)
    late = held is None and begins - turn.during.lower >= LATE
    stops: Iterable[Interruption] = held.interruptions.all() if held else ()
    return {
        "key": turn.pk,
        "draw": turn.entrant.draw,
        "desk": turn.desk,
        "planned": f"{_hour(turn.during.lower)}–{_hour(turn.during.upper)}",
        "expected": _hour(begins) if late else "",
        "state": held.state if held else "",
        "left": _milliseconds(held.ends_at - now) if held and held.ends_at else None,
        "stood": [
            {
                "from": _hour(one.began_at),
                "until": _hour(one.ended_at) if one.ended_at else "",
                "since": _milliseconds(now - one.began_at),
                "cause": one.get_cause_display(),
                "note": one.note,
                "given": _milliseconds(one.given_back),
                "gives": one.cause != Interruption.Cause.CANDIDATE,
            }
            for one in stops
        ],
        "signed": _hour(signed_at) if signed_at else "",
    }


def written_of(panellist: Panellist, turns: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the server makes of what was written about these turns."""
    criteria: list[Criterion] = list(panellist.station.criteria.all())
    answers = log.answers_of(panellist)
    photos: dict[int, dict[int, list[str]]] = {}
    for key, turn, criterion in Photo.objects.filter(panellist=panellist).values_list(
        "key", "turn", "criterion"
    ):
        photos.setdefault(turn, {}).setdefault(criterion, []).append(str(key))
    written = {}
    for turn in turns:
        mine = photos.get(turn, {})
        sheet = reckoned(criteria, answers.get(turn, {}), set(mine))
        written[turn] = {"answers": answers.get(turn, {}), "photos": mine} | _marks(sheet)
    return written


def _marks(sheet: Filled) -> dict[str, Any]:
    return {
        "marks": {key: [_plain(one.points), one.passed] for key, one in sheet.marks.items()},
        "total": _plain(sheet.total),
        "open": sheet.open,
        "unphotographed": sheet.unphotographed,
    }


def _plain(value: Any) -> str:
    """A decimal without idle zeros."""
    return "" if value is None else f"{value.normalize():f}"


def _hour(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
