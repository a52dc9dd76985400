"""Who sees who scored what, and who may correct it: the office of the exam."""

from django.db.models import Count, DecimalField, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.education.items.models import Use
from silian.education.marking.models import Answer, Marking, Question, Ruling, Sheet
from silian.education.marking.policy import (
    may_manage,
    may_organise,
    visible_markings,
)
from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import Verdict

POINTS = DecimalField(max_digits=8, decimal_places=2)
State = Marking.State


def visible_sheets(user: Viewer) -> QuerySet[Sheet]:
    """With the points so far, and how many answers wait for people."""
    answers = Answer.objects.filter(sheet=OuterRef("pk")).order_by().values("sheet")
    rows = Sheet.objects.filter(marking__in=visible_markings(user)).select_related(
        "marking__exam__consortium",
        "attempt__candidate__person",
        "attempt__candidate__organisation",
        "attempt__candidate__form",
    )
    rows = rows.defer(*(f"attempt__candidate__form__{name}" for name in ("content", "keys")))
    waiting = answers.filter(points=None).annotate(n=Count("pk")).values("n")
    return rows.annotate(
        got=Subquery(answers.annotate(n=Sum("points")).values("n"), output_field=POINTS),
        of=Subquery(answers.annotate(n=Sum("worth")).values("n"), output_field=POINTS),
        waiting=Coalesce(Subquery(waiting, output_field=IntegerField()), 0),
    )


def visible_questions(user: Viewer) -> QuerySet[Question]:
    """With how far they are and what they brought."""
    rows = Question.objects.filter(marking__in=visible_markings(user))
    return rows.select_related("marking__exam__consortium").prefetch_related("form")


def with_figures(questions: QuerySet[Question]) -> QuerySet[Question]:
    return questions.order_by("form__letter", "place").annotate(
        answered=Count("answers"),
        marked=Count("answers__points"),
        got=Sum("answers__points"),
        of=Sum("answers__worth", filter=Q(answers__points__isnull=False)),
    )


def rulings_of(question: Question) -> QuerySet[Ruling]:
    return question.rulings.select_related("by").annotate(changed=Count("corrections"))


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
    """Whoever marks, or has marked, stays blind until all is marked."""
    own = may_manage(user, marking)
    marks = isinstance(user, User) and marking.markers.filter(user=user).exists()
    if own and marks and marking.state != State.COMPLETE:
        return Verdict(_("You mark this exam: whose answers they are is shown when all is marked."))
    return own


def may_read_again(user: Viewer, sheet: Sheet) -> Verdict:
    """Answers that came late were admitted, perhaps after the paper had been scored."""
    own = may_manage(user, sheet.marking)
    if own and sheet.marking.state != State.OPEN:
        return Verdict(_("Nothing is being marked by people now."))
    if own and not hasattr(sheet.attempt, "admission"):
        return Verdict(_("No late answers were admitted."))
    return own


def answers_on(sheet: Sheet) -> QuerySet[Answer]:
    """With what markers gave and what was corrected."""
    rows = sheet.answers.order_by("question__place").select_related("question__form")
    return rows.prefetch_related("marks__marker__user", "corrections__by")


def use_of(question: Question) -> Use | None:
    """How the item did in this exam, once that was computed."""
    source = source_of(question.marking.exam_id)
    return Use.objects.filter(version=question.version, source=source).first()


def source_of(exam: int) -> str:
    """How items know the exam in which they were used."""
    return f"sittings.Exam:{exam}"
