"""Points that were wrong, put right with a trace: of one answer, or of an item for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.answering.log import answers_of
from silian.education.marking.asked import asked_in
from silian.education.marking.models import (
    Answer,
    Correction,
    Mark,
    Marking,
    Question,
    Ruling,
    Sheet,
)
from silian.education.marksheets.services import note_statistics
from silian.education.questions.building import answer_of
from silian.education.sittings.models import Form
from silian.engines.scoring import is_empty
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record

APPLY = """
UPDATE marking_answer a SET points = c.points, corrected = c.number
FROM marking_correction c
WHERE c.answer_id = a.id AND c.number = a.corrected + 1 AND c.id = ANY(%s)
"""


@dataclass(frozen=True)
class Effect:
    """What a correction of an item would do."""

    changes: Sequence[tuple[Answer, Decimal]]
    answers: int

    @cached_property
    def gain(self) -> int:
        return sum(points > (answer.points or 0) for answer, points in self.changes)

    @cached_property
    def lose(self) -> int:
        return sum(points < (answer.points or 0) for answer, points in self.changes)

    @property
    def same(self) -> int:
        return self.answers - len(self.changes)


def same_asked(question: Question) -> list[Question]:
    """The question in every form in which it stands."""
    part = question.item.partition(".")[2]
    rows = question.marking.questions.filter(version=question.version).select_related("form")
    return [one for one in rows if one.item.partition(".")[2] == part]


def keys_of(form: Form) -> dict[str, Any]:
    """By item the key in force: of the newest ruling that names one, or as the exam was set."""
    rulings = Ruling.objects.filter(question__form=form, to_all=False).order_by("pk")
    ruled = dict(rulings.values_list("question__item", "key"))
    return {item: ruled.get(item, asked.key) for item, asked in asked_in(form).items()}


def key_of(question: Question) -> Any:
    return keys_of(question.form)[question.item]


def right_answer(question: Question) -> list[str]:
    """The key in force, in words."""
    return answer_of(asked_in(question.form)[question.item].content, key_of(question))


def effect_of(question: Question, *, key: Any, to_all: bool) -> Effect:
    """Who would gain and who lose, if ``key`` is right or everybody gets the points."""
    changes, answers = [], 0
    for one in same_asked(question):
        asked = asked_in(one.form)[one.item]
        for answer in one.answers.all():
            answers += 1
            points = answer.worth if to_all else asked.score(answer.response, key)
            if points is not None and points != answer.points:
                changes.append((answer, points))
    return Effect(changes, answers)


@transaction.atomic
def rule(question: Question, *, key: Any, to_all: bool, why: str, by: User) -> Effect:
    """Score an item anew for everybody."""
    marking = Marking.objects.select_for_update().get(pk=question.marking_id)
    effect = effect_of(question, key=key, to_all=to_all)
    rulings = {
        one.pk: Ruling.objects.create(question=one, key=key, to_all=to_all, why=why, by=by)
        for one in same_asked(question)
    }
    _apply(
        Correction(
            answer=answer,
            number=answer.corrected + 1,
            was=answer.points,
            points=points,
            ruling=rulings[answer.question_id],
            why=why,
            by=by,
        )
        for answer, points in effect.changes
    )
    figures = {"gain": effect.gain, "lose": effect.lose}
    record(marking, gettext_noop("Item scored anew"), by=by, item=str(question), why=why, **figures)
    if marking.state == Marking.State.COMPLETE:
        note_statistics(marking, by=by)
    return effect


@transaction.atomic
def correct(answer: Answer, *, points: Decimal, why: str, by: User) -> None:
    """Other points for one answer, for instance after an appeal."""
    held = Answer.objects.select_for_update().get(pk=answer.pk)
    if not 0 <= points <= held.worth:
        most = {"most": held.worth.normalize()}
        raise ValidationError({"points": _("Between 0 and %(most)s.") % most})
    if points == held.points:
        raise ValidationError({"points": _("These are the points it has.")})
    change = Correction(
        answer=held, number=held.corrected + 1, was=held.points, points=points, why=why, by=by
    )
    _apply([change])
    facts = {"item": str(held.question), "was": held.points, "to": points, "why": why}
    record(held.sheet, gettext_noop("Points corrected"), by=by, **facts)


@transaction.atomic
def read_again(sheet: Sheet, *, why: str, by: User) -> int:
    """Late answers were admitted after the paper had been scored: what counts now is scored.

    What people marked already they mark again where it reads differently. Returns how many answers
    read differently.
    """
    Marking.objects.select_for_update().get(pk=sheet.marking_id)
    given = answers_of(sheet.attempt).by_item
    rows = sheet.answers.select_for_update(of=("self",)).select_related("question__form")
    changed = [one for one in rows if one.response != given.get(one.question.item)]
    for answer in changed:
        answer.response = given.get(answer.question.item)
        _score_again(answer, why, by)
    record(sheet, gettext_noop("Answers read again"), by=by, count=len(changed), why=why)
    return len(changed)


def _score_again(answer: Answer, why: str, by: User) -> None:
    answer.save(update_fields=["response"])
    question = answer.question
    if question.by_hand and not is_empty(answer.response):
        Mark.objects.filter(answer=answer, turn=3).delete()
        Mark.objects.filter(answer=answer).delete()
        Answer.objects.filter(pk=answer.pk, corrected=0).update(points=None)
        return
    points = asked_in(question.form)[question.item].score(answer.response, key_of(question))
    full = question.rulings.first()
    if points not in (None, answer.points) and not (full and full.to_all):
        number = answer.corrected + 1
        facts = {"was": answer.points, "points": points, "why": why, "by": by}
        _apply([Correction(answer=answer, number=number, **facts)])


def _apply(corrections: Any) -> None:
    """Write the trace and then what it says; the database takes neither without the other."""
    made = Correction.objects.bulk_create(corrections, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute(APPLY, [[one.pk for one in made]])
