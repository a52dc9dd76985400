"""What a practical exam comes to: by turn, and by person.

The result of a turn is the mean of its panel. Where sheets differ by more than the exam allows, or
are evenly split about a critical point, it is what the arbiter decided; a correction goes before
both. Who did not come has no points for that turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from silian.education.judging.models import Performance, Sheet
from silian.education.judging.panels import needed
from silian.education.practicals.models import Entrant, Panellist, Practical, Turn
from silian.education.scoresheets.models import Arbitration, Correction
from silian.engines import rubric

FEWEST = 2  # sheets without which a turn is not decided
NOTHING = Decimal(0)


@dataclass(frozen=True)
class PracticalScore:
    """Points of 100, None until all turns are decided; ``failed``: a critical point failed."""

    points: Decimal | None
    failed: bool = False
    absent: bool = False  # did not come to any station


@dataclass(frozen=True)
class TurnResult:
    """How a turn stands: what is missing, how far sheets differ, what it came to and by what."""

    turn: Turn
    sheets: Sequence[Sheet] = ()
    missing: Sequence[Panellist] = ()
    judges: Sequence[Panellist] = ()
    performance: Performance | None = None
    arbitration: Arbitration | None = None
    corrections: Sequence[Correction] = field(default=())

    @property
    def absent(self) -> bool:
        return self.performance is not None and self.performance.state == "absent"

    @property
    def over(self) -> bool:
        """Nothing happens at the desk any more."""
        return self.absent or (
            self.performance is not None and self.performance.state == "finished"
        )

    @property
    def complete(self) -> bool:
        """All sheets are in, and nobody judges alone."""
        return self.absent or (len(self.sheets) >= FEWEST and not self.missing)

    @property
    def difference(self) -> Decimal:
        return rubric.apart(_totals(self.sheets))

    @property
    def split(self) -> set[int]:
        """Critical points of which half of the panel says that they failed."""
        return rubric.evenly_split([one.failed for one in self.sheets], len(self.sheets))

    @property
    def differs(self) -> bool:
        """Somebody has to decide, or had to."""
        limit = self.turn.station.practical.difference
        return self.complete and not self.absent and (self.difference > limit or bool(self.split))

    @property
    def undecided(self) -> bool:
        return self.differs and not self.decision and not self.corrections

    @property
    def decision(self) -> Arbitration | None:
        """The arbitration, once it is decided."""
        held = self.arbitration
        return held if held and held.state == Arbitration.State.DECIDED else None

    @property
    def points(self) -> Decimal | None:
        if self.corrections:
            return self.corrections[-1].points
        if not self.complete or self.undecided:
            return None
        if self.absent:
            return NOTHING
        return self.decision.total if self.decision else rubric.mean(_totals(self.sheets))

    @property
    def failed(self) -> bool:
        if self.corrections:
            return self.corrections[-1].failed
        if not self.complete or self.undecided or self.absent:
            return False
        if self.decision:
            return self.decision.failed
        return bool(rubric.majority_failed([one.failed for one in self.sheets], len(self.sheets)))


def turn_results(practical: Practical, person: int | None = None) -> dict[int, TurnResult]:
    """Every turn of a practical exam, or those of one person, by key."""
    rows = Turn.objects.filter(station__practical=practical)
    if person is not None:
        rows = rows.filter(entrant__person=person)
    turns = list(
        rows.select_related("station__practical", "entrant", "performance", "arbitration__arbiter")
        .prefetch_related("performance__interruptions", "corrections")
        .order_by("during", "station__order", "desk")
    )
    sheets: dict[int, list[Sheet]] = {}
    signed = Sheet.objects.filter(turn__in=turns, state=Sheet.State.SIGNED)
    for one in signed.select_related("panellist__examiner__user").order_by(
        "-panellist__chief", "panellist"
    ):
        sheets.setdefault(one.turn_id, []).append(one)
    who = needed(practical, turns)
    return {
        turn.pk: TurnResult(
            turn=turn,
            sheets=sheets.get(turn.pk, []),
            missing=who.missing[turn.pk],
            judges=who.judges[turn.pk],
            performance=getattr(turn, "performance", None),
            arbitration=getattr(turn, "arbitration", None),
            corrections=list(turn.corrections.all()),
        )
        for turn in turns
    }


def practical_scores(practical: Practical) -> dict[int, PracticalScore]:
    """By key of the person: everybody who is entered."""
    by_person: dict[int, list[TurnResult]] = {
        person: []
        for person in Entrant.objects.filter(practical=practical).values_list("person", flat=True)
    }
    for result in turn_results(practical).values():
        by_person[result.turn.entrant.person_id].append(result)
    stations = practical.stations.count()
    return {person: score_of(results, stations) for person, results in by_person.items()}


def practical_breakdown(practical: Practical, person: int) -> list[TurnResult]:
    """What a person's score is made of, station by station."""
    results = turn_results(practical, person).values()
    return sorted(results, key=lambda one: one.turn.station.order)


def score_of(results: Sequence[TurnResult], stations: int) -> PracticalScore:
    """One person's score from their turns; ``stations`` is how many there are."""
    absent = bool(results) and all(one.absent for one in results)
    failed = any(one.failed for one in results)
    parts = [(one.points, one.turn.station.weight) for one in results if one.points is not None]
    whole = len(parts) == stations > 0
    return PracticalScore(rubric.weighted(parts) if whole else None, failed, absent)


def _totals(sheets: Sequence[Sheet]) -> list[Decimal]:
    return [one.total for one in sheets if one.total is not None]
