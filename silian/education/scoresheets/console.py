"""The office's view of an exam that is being judged: what is late, missing or to be decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silian.education.judging.board import LATE, expected_begins
from silian.education.practicals.models import Entrant, Practical, Station
from silian.education.scoresheets.scores import (
    PracticalScore,
    TurnResult,
    score_of,
    turn_results,
)

SHOWN = {
    "": _("All turns"),
    "late": _("Late"),
    "missing": _("Sheets missing"),
    "differs": _("Decision needed"),
}
COLOURS = {
    "waiting": "secondary",
    "late": "orange",
    "working": "blue",
    "interrupted": "orange",
    "missing": "yellow",
    "differs": "red",
    "decided": "green",
    "absent": "secondary",
}
WORDS = {
    "waiting": _("Not begun"),
    "late": _("Late"),
    "working": _("Working"),
    "interrupted": _("Interrupted"),
    "missing": _("Sheets missing"),
    "differs": _("Decision needed"),
    "decided": pgettext_lazy("a turn", "Decided"),
    "absent": _("Did not come"),
}


@dataclass(frozen=True)
class Row:
    """One turn as the console shows it."""

    result: TurnResult
    expected: datetime

    @property
    def state(self) -> str:
        held = self.result.performance
        if self.result.undecided:
            return "differs"
        if self.result.points is not None:
            return "absent" if self.result.absent else "decided"
        if held is None:
            return "late" if self.late else "waiting"
        return "missing" if held.state == "finished" else str(held.state)

    @property
    def late(self) -> bool:
        begun = self.result.performance is not None
        return not begun and self.expected - self.result.turn.during.lower >= LATE

    @property
    def label(self) -> str:
        return str(WORDS[self.state])

    @property
    def colour(self) -> str:
        return COLOURS[self.state]


@dataclass(frozen=True)
class Progress:
    """How far a station is."""

    station: Station
    turns: int
    over: int
    sheets: int
    needed: int
    undecided: int


def rows_of(practical: Practical) -> list[Row]:
    begins = expected_begins(practical)
    return [Row(one, begins[key]) for key, one in turn_results(practical).items()]


def progress_of(rows: Iterable[Row]) -> list[Progress]:
    by_station: dict[Station, list[TurnResult]] = {}
    for row in rows:
        by_station.setdefault(row.result.turn.station, []).append(row.result)
    return [
        Progress(
            station=station,
            turns=len(results),
            over=sum(one.over for one in results),
            sheets=sum(len(one.sheets) for one in results),
            needed=sum(len(one.judges) for one in results if not one.absent),
            undecided=sum(one.undecided for one in results),
        )
        for station, results in sorted(by_station.items(), key=lambda pair: pair[0].order)
    ]


def chosen(rows: Iterable[Row], *, show: str, station: str) -> list[Row]:
    """Those that the reader wants to see."""
    return [
        row
        for row in rows
        if (not station or f"{row.result.turn.station_id}" == station)
        and (not show or row.state == show or (show == "late" and row.late))
    ]


@dataclass(frozen=True)
class Line:
    """A candidate's points by station, and together."""

    entrant: Entrant
    parts: Sequence[TurnResult | None]
    score: PracticalScore


def lines_of(stations: Sequence[Station], rows: Iterable[Row]) -> list[Line]:
    """By number drawn. The office learns names where results are made known, not here."""
    by_entrant: dict[Entrant, dict[int, TurnResult]] = {}
    for row in rows:
        turn = row.result.turn
        by_entrant.setdefault(turn.entrant, {})[turn.station_id] = row.result
    lines = [
        Line(
            entrant,
            [parts.get(one.pk) for one in stations],
            score_of(list(parts.values()), len(stations)),
        )
        for entrant, parts in by_entrant.items()
    ]
    return sorted(lines, key=lambda one: (one.entrant.draw or 0, one.entrant.number))


def table_of(result: TurnResult) -> list[dict[str, object]]:
    """The criteria of a turn, with what each sheet and the arbitration give side by side."""
    given = [{mark.criterion_id: mark for mark in one.marks.all()} for one in result.sheets]
    decided = (
        {mark.criterion_id: mark for mark in result.decision.marks.all()} if result.decision else {}
    )
    table: list[dict[str, object]] = []
    for criterion in result.turn.station.criteria.all():
        marks = [one.get(criterion.pk) for one in given]
        points: set[Decimal | None] = {mark.points if mark else None for mark in marks}
        table.append(
            {
                "criterion": criterion,
                "marks": marks,
                "decided": decided.get(criterion.pk),
                "differs": len(points) > 1,
            }
        )
    return table
