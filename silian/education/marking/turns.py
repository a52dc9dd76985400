"""What a marker does: takes an answer in hand, gives points, thinks better of it."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.marking.blind import HELD, answers_for
from silian.education.marking.models import Answer, Mark, Marker, Question
from silian.engines.doublemarking import allowed, settled
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record

TRIES = 5  # others may take the same answer at the same moment


@transaction.atomic
def take(marker: Marker, question: Question) -> Mark | None:
    """The next answer to ``question`` for this marker; the one in hand until it has its points."""
    stale = Mark.objects.filter(answer__question=question, points=None)
    stale.filter(taken_at__lt=clock.now() - HELD).exclude(marker=marker).delete()
    if own := marker.marks.filter(answer__question=question, points=None).first():
        return own
    free = answers_for(marker).filter(question=question)
    for _try in range(TRIES):
        answer = free.select_for_update(skip_locked=True, of=("self",)).first()
        if answer is None:
            return None
        if free.filter(pk=answer.pk).exists():  # still, now that nobody else can take it
            taken = set(answer.marks.values_list("turn", flat=True))
            turn = min({1, 2, 3} - taken)
            return Mark.objects.create(answer=answer, marker=marker, turn=turn)
    return None


@transaction.atomic
def give(mark: Mark, *, points: Decimal, comment: str = "", by: User) -> Mark:
    """Half points. With the last mark that is needed the answer has its points."""
    answer = Answer.objects.select_for_update().get(pk=mark.answer_id)
    if not allowed(points, answer.worth):
        raise ValidationError(
            {"points": _("Half points from 0 to %(most)s.") % {"most": answer.worth.normalize()}}
        )
    held = Mark.objects.get(pk=mark.pk)
    was = held.points
    held.points, held.comment, held.at = points, comment, clock.now()
    held.save(update_fields=["points", "comment", "at"])
    if was is not None:
        record(held, gettext_noop("Marker's points changed"), by=by, was=was, to=points)
    settle(answer)
    return held


@transaction.atomic
def put_back(mark: Mark) -> None:
    """Give an answer that is in hand to others."""
    Mark.objects.filter(pk=mark.pk, points=None).delete()


def settle(answer: Answer) -> None:
    """The points by the rule of engines.doublemarking; what was corrected stays."""
    if answer.corrected:
        return
    given = answer.marks.filter(points__isnull=False).order_by("turn")
    marks = list(given.values_list("points", flat=True))
    points = settled(marks, answer.worth, answer.question.marking.limit)
    if points != answer.points:
        answer.points = points
        answer.save(update_fields=["points"])
