"""A score sheet as it stands in the log: what each criterion brings, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from silian.education.judging import log
from silian.education.practicals.models import Criterion, Panellist
from silian.engines import rubric
from silian.engines.rubric import Mark


@dataclass(frozen=True)
class Filled:
    """What an examiner wrote about a turn, reckoned by the rubric."""

    responses: Mapping[int, Any]  # by key of the criterion, only those that hold
    marks: Mapping[int, Mark]
    open: list[int]  # criteria without a mark
    unphotographed: list[int]  # criteria without the photo they need
    failed: list[int]  # critical points
    comment: str

    @property
    def total(self) -> Decimal:
        return sum((mark.points for mark in self.marks.values()), Decimal(0))


def filled(panellist: Panellist, turn: int) -> Filled:
    return reckoned(
        list(panellist.station.criteria.all()),
        log.answers_of(panellist, turn).get(turn, {}),
        set(panellist.photos.filter(turn=turn).values_list("criterion", flat=True)),
    )


def reckoned(criteria: list[Criterion], answers: Mapping[str, Any], photos: set[int]) -> Filled:
    marks: dict[int, Mark] = {}
    for one in criteria:
        response = answers.get(f"{one.pk}")
        if response is None:
            continue
        try:
            marks[one.pk] = rubric.mark(rule_of(one), response)
        except rubric.BadResponse:
            continue  # a number half typed is no mark yet
    return Filled(
        responses={key: answers[f"{key}"] for key in marks},
        marks=marks,
        open=[one.pk for one in criteria if one.pk not in marks],
        unphotographed=[one.pk for one in criteria if one.photo and one.pk not in photos],
        failed=[
            one.pk
            for one in criteria
            if one.critical and one.pk in marks and not marks[one.pk].passed
        ],
        comment=str(answers.get(log.COMMENT) or "").strip(),
    )


def rule_of(criterion: Criterion) -> rubric.Criterion:
    """A criterion as the engine reads it."""
    nothing = Decimal(0)
    return rubric.Criterion(
        key=criterion.pk,
        kind=criterion.kind,
        points=criterion.points,
        critical=criterion.critical,
        nominal=criterion.nominal or nothing,
        below=criterion.below or nothing,
        above=criterion.above or nothing,
    )
