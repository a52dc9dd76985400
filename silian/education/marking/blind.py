"""What a marker may see and do: answers without a name, each once, in a drawn order."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from silian.education.items.models import Version
from silian.education.marking.models import Answer, Mark, Marker, Marking, Question
from silian.governance.roles.policy import Viewer
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

HELD = timedelta(minutes=30)  # an answer in hand for longer goes to somebody else
THIRD = 3
State = Marking.State


def own_markers(user: Viewer) -> QuerySet[Marker]:
    """The exams that ``user`` marks or has marked."""
    if not isinstance(user, User):
        return Marker.objects.none()
    rows = Marker.objects.filter(user=user, withdrawn_at=None).exclude(marking__state=State.SCORING)
    return rows.select_related("marking__exam__consortium").order_by("-pk")


def questions_of(marker: Marker) -> QuerySet[Question]:
    """What this marker marks, with how many answers wait for them now."""
    own = marker.questions.all()
    rows = marker.marking.questions.filter(by_hand=True).select_related("form")
    if own:
        rows = rows.filter(pk__in=own)
    marks = Mark.objects.filter(marker=marker, points__isnull=False)
    mine = marks.filter(answer__question=OuterRef("pk")).order_by().values("answer__question")
    waiting = answers_for(marker).filter(question=OuterRef("pk")).order_by().values("question")
    number = IntegerField()
    return rows.annotate(
        given=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n"), number), 0),
        waiting=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n"), number), 0),
    )


def answers_for(marker: Marker) -> QuerySet[Answer]:
    """What this marker can take: not seen by them, and one of two is missing, or a third is needed.

    In an order of its own, drawn with the marking's seed: who sat beside whom shows nowhere.
    """
    marks = Mark.objects.filter(answer=OuterRef("pk"))
    in_hand = marks.filter(points=None, marker=marker)
    stale = Q(points=None, taken_at__lt=clock.now() - HELD)
    counted = marks.exclude(stale).order_by().values("answer")
    number = IntegerField()
    rows = Answer.objects.filter(question__marking=marker.marking_id, question__by_hand=True)
    rows = rows.filter(points=None).annotate(
        held=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n"), number), 0),
        done=Coalesce(Subquery(counted.annotate(n=Count("points")).values("n"), number), 0),
        drawn=MD5(Concat(Cast("pk", TextField()), Value(f"/{marker.marking.seed}", TextField()))),
    )
    mine = Exists(marks.filter(marker=marker, points__isnull=False))
    free = rows.filter(Q(held__lt=2) | Q(held=2, done=2) | Exists(in_hand))
    return free.filter(~mine).order_by("drawn")


def count_waiting(marker: Marker) -> int:
    asked = questions_of(marker).values("pk")
    return answers_for(marker).filter(question__in=asked).count()


def own_marks(user: Viewer) -> QuerySet[Mark]:
    if not isinstance(user, User):
        return Mark.objects.none()
    rows = Mark.objects.filter(marker__user=user, marker__withdrawn_at=None)
    return rows.select_related(
        "answer__question__form", "marker__marking__exam__consortium"
    ).order_by("-at", "-pk")


def may_mark(marker: Marker) -> Verdict:
    if marker.marking.state != State.OPEN:
        return Verdict(_("Nothing is being marked by people now."))
    return YES


def may_change(mark: Mark) -> Verdict:
    """Until the item is finished, one may think better of it."""
    open_ = may_mark(mark.marker)
    if not open_:
        return open_
    if mark.turn < THIRD and mark.answer.marks.filter(turn=THIRD).exists():
        return Verdict(_("A third marker was called: the points stay."))
    if not mark.answer.question.answers.filter(points=None).exists():
        return Verdict(_("All answers to this item are marked: the points stay."))
    return YES


def changeable(marks: Sequence[Mark]) -> set[int]:
    """Keys of those of one item that one may still change, by the rule of ``may_change``."""
    if not marks or not may_mark(marks[0].marker):
        return set()
    if not marks[0].answer.question.answers.filter(points=None).exists():
        return set()
    thirds = Mark.objects.filter(turn=THIRD, answer__in=[one.answer_id for one in marks])
    settled = set(thirds.values_list("answer", flat=True))
    return {one.pk for one in marks if one.turn == THIRD or one.answer_id not in settled}


def aid_for(question: Question) -> str:
    """What the author of the item wrote for those who mark it."""
    version = Version.objects.filter(pk=question.version).first()
    return version.explanation if version else ""
