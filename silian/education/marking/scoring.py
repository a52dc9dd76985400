"""Papers become sheets: what a machine can judge is scored at once, the rest waits for people.

A batch of papers is one transaction and a handful of queries. Whoever has a sheet is left out, so
that a job that was killed goes on where it was, and doubles nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from silian.education.answering.log import answers_of_each
from silian.education.answering.models import Attempt
from silian.education.marking.asked import Asked, asked_in
from silian.education.marking.models import Answer, Marking, Question, Sheet
from silian.engines.scoring import is_empty

BATCH = 200  # papers
Paper = list[tuple[Question, Asked]]  # what one form asks


def unscored(marking: Marking) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(candidate__exam=marking.exam_id, sheet=None)
    return rows.select_related("candidate__exam", "admission").order_by("pk")


def score_papers(marking: Marking, *, progress: Callable[[int, int], None]) -> None:
    """A sheet for everybody who began; ``progress`` is told how many there are, of how many."""
    papers = papers_of(marking)
    total = Attempt.objects.filter(candidate__exam=marking.exam_id).count()
    progress(marking.sheets.count(), total)
    while score_batch(marking, papers):
        progress(marking.sheets.count(), total)


def papers_of(marking: Marking) -> Mapping[int, Paper]:
    """By form: its questions and what they are scored by."""
    papers: dict[int, Paper] = {}
    known: dict[int, dict[str, Asked]] = {}
    for question in marking.questions.select_related("form"):
        asked = known.setdefault(question.form_id, asked_in(question.form))
        papers.setdefault(question.form_id, []).append((question, asked[question.item]))
    return papers


@transaction.atomic
def score_batch(marking: Marking, papers: Mapping[int, Paper]) -> int:
    """The next papers; how many there were. Two jobs at once take turns."""
    Marking.objects.select_for_update().get(pk=marking.pk)
    attempts = list(unscored(marking)[:BATCH])
    given = answers_of_each(attempts)
    sheets = Sheet.objects.bulk_create(
        Sheet(marking=marking, attempt=attempt) for attempt in attempts
    )
    Answer.objects.bulk_create(
        answer
        for sheet in sheets
        for answer in answers_on(sheet, given[sheet.attempt_id].by_item, papers)
    )
    return len(sheets)


def answers_on(
    sheet: Sheet, given: Mapping[str, Any], papers: Mapping[int, Paper]
) -> Iterator[Answer]:
    """One answer for each question, given or not."""
    for question, asked in papers.get(sheet.attempt.candidate.form_id or 0, ()):
        response = given.get(question.item)
        yield Answer(
            sheet=sheet,
            question=question,
            response=response,
            worth=question.points,
            points=points_of(question, asked, response),
        )


def points_of(question: Question, asked: Asked, response: Any) -> Decimal | None:
    """Nothing for nothing; None where people have to read it."""
    if is_empty(response):
        return Decimal(0)
    return None if question.by_hand else asked.score(response, asked.key)
