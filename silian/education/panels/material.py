"""Where a part is marked, and what its points are made of: for whoever looks at it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from silian.education.marking.models import Sheet
from silian.education.marking.scores import Line, lines_on
from silian.education.panels.marks import written
from silian.education.panels.models import Opinion, Review
from silian.education.panels.policy import given_for, opinions_on, reviewed
from silian.education.schemes.levels import PartKind
from silian.education.scoresheets.scores import TurnResult, practical_breakdown
from silian.education.skillappraisals.models import Entry


@dataclass(frozen=True)
class Material:
    """One of these, by where the part is marked. It names nobody."""

    lines: Sequence[Line] = ()
    turns: Sequence[TurnResult] = ()
    review: Review | None = None
    opinions: Sequence[Opinion] = ()
    mark: str = ""  # of the office


def material_of(entry: Entry, part: str) -> Material:
    appraisal = entry.appraisal
    if part == PartKind.THEORY and appraisal.exam:
        return Material(lines=lines_on(appraisal.exam, entry.person))
    if part == PartKind.PRACTICAL and appraisal.practical:
        return Material(turns=practical_breakdown(appraisal.practical, entry.person_id))
    if part == PartKind.REVIEW:
        review = reviewed(entry)
        return Material(review=review, opinions=list(opinions_on(entry)) if review else ())
    return Material(mark=written(given_for(appraisal, part).filter(entry=entry).first()))


def marked_at(entry: Entry, part: str) -> str:
    """The page of the office on which the part is marked, and corrected if need be."""
    appraisal = entry.appraisal
    if part == PartKind.THEORY and appraisal.exam:
        came = Sheet.objects.filter(attempt__candidate__exam=appraisal.exam)
        sheet = came.filter(attempt__candidate__person=entry.person_id).first()
        index = reverse("marksheets:sheet_index", args=[appraisal.consortium, appraisal.exam_id])
        return sheet.get_absolute_url() if sheet else index
    if part == PartKind.PRACTICAL and appraisal.practical:
        return reverse("scoresheets:results", args=[appraisal.consortium, appraisal.practical_id])
    if part == PartKind.REVIEW:
        return reverse("panels:panel", args=[appraisal.consortium, appraisal.pk])
    return reverse("panels:part", args=[appraisal.consortium, appraisal.pk, part])
