"""What became of a theory exam, for the apps that decide by it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum

from silian.education.marking.asked import Asked, asked_in, in_words
from silian.education.marking.models import Answer, Marking, Sheet
from silian.education.sittings.models import Exam
from silian.kernel.persons.models import Person

CENT, HUNDRED = Decimal("0.01"), Decimal(100)


def theory_scores(exam: Exam) -> dict[int, Decimal | None]:
    """Points of 100 by key of the person; None while not finally marked. Who was absent is not
    here."""
    sheets = Sheet.objects.filter(attempt__candidate__exam=exam)
    if Marking.objects.filter(exam=exam, state=Marking.State.COMPLETE).exists():
        rows = sheets.order_by().annotate(got=Sum("answers__points"), of=Sum("answers__worth"))
        found = rows.values_list("attempt__candidate__person", "got", "of")
        return {person: of_hundred(got, of) for person, got, of in found}
    begun = exam.candidates.filter(attempt__isnull=False)
    return dict.fromkeys(begun.values_list("person", flat=True))


def of_hundred(got: Decimal | None, of: Decimal | None) -> Decimal:
    """A paper may have any number of points in all."""
    if not got or not of:
        return Decimal("0.00")
    return (got / of * HUNDRED).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
    """One question on somebody's sheet, as they may see it: no key, no other person."""

    section: dict[str, str]
    item: str
    content: dict[str, Any]
    response: Any
    points: Decimal | None
    worth: Decimal

    @property
    def answer(self) -> list[str]:
        return in_words(self.content, self.response)


def theory_breakdown(exam: Exam, person: Person) -> list[Line] | None:
    """Points by item; None where there is nothing to be seen, or the office does not show it."""
    shown = Marking.objects.filter(exam=exam, shown=True).exists()
    return (lines_on(exam, person) if shown else []) or None


def lines_on(exam: Exam, person: Person) -> list[Line]:
    """Points by item once all is marked, for whoever decides on them."""
    rows = Answer.objects.filter(
        sheet__attempt__candidate__exam=exam,
        sheet__attempt__candidate__person=person,
        sheet__marking__state=Marking.State.COMPLETE,
    )
    found = list(rows.select_related("question__form").order_by("question__place"))
    asked = asked_in(found[0].question.form) if found else {}  # a candidate has one form
    return [line_of(asked[one.question.item], one) for one in found]


def line_of(asked: Asked, answer: Answer) -> Line:
    return Line(
        asked.section, asked.item, asked.content, answer.response, answer.points, answer.worth
    )
