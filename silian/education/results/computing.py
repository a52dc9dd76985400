"""What marks come to now. Nothing here is kept: it is read anew from wherever parts are marked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from silian.education.marking.models import Marking
from silian.education.marking.scores import theory_scores
from silian.education.panels.policy import office_parts
from silian.education.panels.services import given_marks, review_points
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import rules_of
from silian.education.scoresheets.scores import practical_scores
from silian.education.skillappraisals.models import Appraisal, Entry, Exemption
from silian.engines.passing import Came, Mark, Outcome, Taken, outcome


def computed(appraisal: Appraisal, entries: Sequence[Entry]) -> dict[int, Outcome]:
    """By key of the entry."""
    rules = rules_of(appraisal.terms)
    marks = _marks(appraisal, entries)
    return {entry.pk: outcome(rules, marks[entry.pk]) for entry in entries}


def _marks(appraisal: Appraisal, entries: Sequence[Entry]) -> dict[int, dict[str, Mark]]:
    """What is known of each, the nearest word last: an exemption goes before what was marked."""
    found: dict[int, dict[str, Mark]] = {entry.pk: {} for entry in entries}
    by_office = office_parts(appraisal)  # an exam may have been linked after points were given
    for (key, part), said in given_marks(appraisal).items():
        if key in found and (said.absent or part in by_office):
            found[key][part] = Mark(said.points, said.passed, absent=said.absent)
    by_person = {entry.person_id: entry.pk for entry in entries}
    for part, marks in ((PartKind.THEORY, _theory), (PartKind.PRACTICAL, _practical)):
        for person, mark in marks(appraisal).items():
            if person in by_person and (mark.points is not None or mark.absent):
                found[by_person[person]][part] = mark
    for key, points in review_points(appraisal).items():
        if key in found:
            found[key][PartKind.REVIEW] = Mark(points)
    for one in Exemption.objects.filter(entry__in=found):
        found[one.entry_id][one.part] = Mark(one.points, earlier=True)
    return found


def _theory(appraisal: Appraisal) -> Mapping[int, Mark]:
    """Whoever was entered and has no sheet when all are marked did not come."""
    exam = appraisal.exam
    if exam is None:
        return {}
    scores = theory_scores(exam)
    marks = {person: Mark(points) for person, points in scores.items()}
    if Marking.objects.filter(exam=exam, state=Marking.State.COMPLETE).exists():
        entered = exam.candidates.values_list("person", flat=True)
        marks |= {person: Mark(absent=True) for person in entered if person not in scores}
    return marks


def _practical(appraisal: Appraisal) -> Mapping[int, Mark]:
    """Nothing counts before all of somebody's turns are decided."""
    if appraisal.practical is None:
        return {}
    return {
        person: Mark(absent=True)
        if score.absent
        else Mark(score.points, failed=score.failed and score.points is not None)
        for person, score in practical_scores(appraisal.practical).items()
    }


def as_kept(taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """As an outcome keeps it; points as texts with two decimals, so that equal ones are equal."""
    return [
        {
            "part": one.part,
            "came": str(one.came),
            "points": None if one.points is None else f"{one.points:.2f}",
            "earlier": one.earlier,
        }
        for one in taken
    ]


def as_taken(kept: Sequence[Mapping[str, Any]]) -> list[Taken]:
    return [
        Taken(
            one["part"],
            Came(one["came"]),
            None if one["points"] is None else Decimal(one["points"]),
            one["earlier"],
        )
        for one in kept
    ]
