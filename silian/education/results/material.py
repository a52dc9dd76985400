"""What a part of a result is made of, for whoever decides on an appeal. It names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from silian.education.marking.scores import Line, lines_on
from silian.education.panels.marks import written
from silian.education.panels.models import Opinion, Review
from silian.education.panels.policy import given_for, opinions_on, reviewed
from silian.education.results.models import Appeal
from silian.education.schemes.levels import PartKind
from silian.education.scoresheets.scores import TurnResult, practical_breakdown


@dataclass(frozen=True)
class Material:
    """One of these, by where the part is marked."""

    lines: Sequence[Line] = ()
    turns: Sequence[TurnResult] = ()
    review: Review | None = None
    opinions: Sequence[Opinion] = ()
    mark: str = ""  # of the office


def material_of(appeal: Appeal) -> Material:
    entry = appeal.outcome.entry
    appraisal = entry.appraisal
    if appeal.part == PartKind.THEORY and appraisal.exam:
        return Material(lines=lines_on(appraisal.exam, entry.person))
    if appeal.part == PartKind.PRACTICAL and appraisal.practical:
        return Material(turns=practical_breakdown(appraisal.practical, entry.person_id))
    if appeal.part == PartKind.REVIEW:
        review = reviewed(entry)
        return Material(review=review, opinions=list(opinions_on(entry)) if review else ())
    return Material(mark=written(given_for(appraisal, appeal.part).filter(entry=entry).first()))
