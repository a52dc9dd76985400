"""Who sees what of a marking. The office sees who scored what; a marker sees answers, nobody's."""

from datetime import timedelta

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from silian.education.marking.models import (
    Answer,
    Mark,
    Marker,
    Marking,
    Question,
    Ruling,
    Sheet,
)
from silian.education.sittings.models import Exam
from silian.education.sittings.policy import may_manage as may_manage_exam
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

HELD = timedelta(minutes=30)  # an answer in hand for longer goes to somebody else
POINTS = DecimalField(max_digits=8, decimal_places=2)
State = Marking.State

# --- the office -------------------------------------------------------------------------


def visible_markings(user: Viewer) -> QuerySet[Marking]:
    mine = Q(exam__consortium__in=secretariats_of(user)) | Q(
        exam__organiser__in=organisations_of(user)
    )
    rows = Marking.objects.select_related(
        "exam__consortium", "exam__organiser", "exam__paper", "job", "completed_by"
    )
    return rows.filter(mine)


def visible_sheets(user: Viewer) -> QuerySet[Sheet]:
    """With the points so far, and how many answers wait for people."""
    answers = Answer.objects.filter(sheet=OuterRef("pk")).order_by().values("sheet")
    rows = Sheet.objects.filter(marking__in=visible_markings(user)).select_related(
        "marking__exam__consortium",
        "attempt__candidate__person",
        "attempt__candidate__organisation",
        "attempt__candidate__form",
    )
    waiting = answers.filter(points=None).annotate(n=Count("pk")).values("n")
    return rows.annotate(
        got=Subquery(answers.annotate(n=Sum("points")).values("n"), output_field=POINTS),
        of=Subquery(answers.annotate(n=Sum("worth")).values("n"), output_field=POINTS),
        waiting=Coalesce(Subquery(waiting, output_field=IntegerField()), 0),
    )


def visible_questions(user: Viewer) -> QuerySet[Question]:
    """With how far they are and what they brought."""
    return Question.objects.filter(marking__in=visible_markings(user)).select_related(
        "form", "marking__exam__consortium"
    )


def with_figures(questions: QuerySet[Question]) -> QuerySet[Question]:
    return questions.annotate(
        answered=Count("answers"),
        marked=Count("answers__points"),
        got=Sum("answers__points"),
        of=Sum("answers__worth", filter=Q(answers__points__isnull=False)),
    )


def rulings_of(question: Question) -> QuerySet[Ruling]:
    return question.rulings.select_related("by").annotate(changed=Count("corrections"))


def markers_of(marking: Marking) -> QuerySet[Marker]:
    """Appointed now, with how much each has marked."""
    rows = marking.markers.filter(withdrawn_at=None).select_related("user")
    return rows.annotate(given=Count("marks__points")).prefetch_related("questions__form")


def possible_markers(marking: Marking) -> QuerySet[User]:
    """The organiser's people, and secretaries and experts; no candidate, and nobody of a firm that
    entered candidates."""
    exam = marking.exam
    sides = Q(organisation=exam.organiser_id) & ~Q(kind=Role.Kind.STUDENT)
    roles = Role.objects.running().filter(sides | Q(consortium=exam.consortium_id))
    entering = exam.candidates.exclude(organisation=None).exclude(organisation=exam.organiser_id)
    of_those = Role.objects.running().filter(organisation__in=entering.values("organisation"))
    return (
        User.objects.filter(pk__in=roles.values("user"), is_active=True)
        .exclude(pk__in=of_those.values("user"))
        .exclude(person__exam_candidacies__exam=exam)
        .exclude(pk__in=markers_of(marking).values("user"))
        .order_by("name", "pk")
    )


def may_begin(user: Viewer, exam: Exam) -> Verdict:
    own = may_manage_exam(user, exam)
    if own and exam.state != Exam.State.CLOSED:
        return Verdict(_("The exam is not over yet."))
    if own and Marking.objects.filter(exam=exam).exists():
        return Verdict(_("The papers of this exam are scored already."))
    return own


def may_manage(user: Viewer, marking: Marking) -> Verdict:
    """May ``user`` act for the office?"""
    return may_manage_exam(user, marking.exam)


def may_organise(user: Viewer, marking: Marking) -> Verdict:
    """May ``user`` appoint markers?"""
    own = may_manage(user, marking)
    if own and marking.state != State.OPEN:
        return Verdict(_("Nothing is being marked by people now."))
    return own


def may_set_limit(user: Viewer, marking: Marking) -> Verdict:
    own = may_manage(user, marking)
    if own and Mark.objects.filter(marker__marking=marking, points__isnull=False).exists():
        return Verdict(_("The limit stays once somebody has marked."))
    return own


def may_complete(user: Viewer, marking: Marking) -> Verdict:
    own = may_organise(user, marking)
    if own and Answer.objects.filter(sheet__marking=marking, points=None).exists():
        return Verdict(_("Not every answer is marked yet."))
    return own


def may_correct(user: Viewer, marking: Marking) -> Verdict:
    own = may_manage(user, marking)
    if own and marking.state == State.SCORING:
        return Verdict(_("The papers are still being scored."))
    return own


def may_read_sheet(user: Viewer, marking: Marking) -> Verdict:
    """Whoever marks stays blind until all is marked."""
    own = may_manage(user, marking)
    blind = isinstance(user, User) and marking.state != State.COMPLETE
    if own and blind and markers_of(marking).filter(user=user).exists():
        return Verdict(_("You mark this exam: whose answers they are is shown when all is marked."))
    return own


# --- the marker -------------------------------------------------------------------------


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
        drawn=MD5(Concat(Value(f"{marker.marking.seed}/"), Cast("pk", TextField()))),
    )
    mine = Exists(marks.filter(marker=marker, points__isnull=False))
    free = rows.filter(Q(held__lt=2) | Q(held=2, done=2) | Exists(in_hand))
    return free.filter(~mine).order_by("drawn")


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
    if mark.turn < 3 and mark.answer.marks.filter(turn=3).exists():
        return Verdict(_("A third marker was called: the points stay."))
    if not mark.answer.question.answers.filter(points=None).exists():
        return Verdict(_("All answers to this item are marked: the points stay."))
    return YES


# --- how far it is ----------------------------------------------------------------------


def apart(marking: Marking) -> QuerySet[Answer]:
    """Where two differ by more than the limit and a third is missing."""
    rows = Answer.objects.filter(sheet__marking=marking, points=None, question__by_hand=True)
    given = rows.annotate(n=Count("marks__points"), gap=Max("marks__points") - Min("marks__points"))
    return given.filter(n=2, gap__gt=F("worth") * marking.limit / 100)
