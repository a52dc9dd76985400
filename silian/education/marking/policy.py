"""Who sees what of a marking. The office sees who scored what; a marker sees answers, nobody's."""

from dataclasses import dataclass

from django.db.models import (
    Count,
    DecimalField,
    F,
    Max,
    Min,
    Q,
    QuerySet,
)
from django.utils.translation import gettext as _

from silian.education.marking.models import (
    Answer,
    Mark,
    Marker,
    Marking,
)
from silian.education.sittings.models import Exam
from silian.education.sittings.policy import may_manage as may_manage_exam
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import Verdict

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
    """May ``user`` act for the office? Nobody does who sat the exam."""
    own = may_manage_exam(user, marking.exam)
    if own and marking.exam.candidates.filter(person__user=getattr(user, "pk", 0)).exists():
        return Verdict(_("Who sat this exam does not act for its office."))
    return own


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


# --- how far it is ----------------------------------------------------------------------


def answers_of(marking: Marking) -> QuerySet[Answer]:
    return Answer.objects.filter(sheet__marking=marking)


@dataclass(frozen=True)
class Figures:
    """How far a marking is, in answers."""

    sheets: int
    at_once: int
    by_hand: int
    marked: int
    thirds: int

    @property
    def left(self) -> int:
        return self.by_hand - self.marked


def figures_of(marking: Marking) -> Figures:
    by_hand = Q(question__by_hand=True)
    counts = answers_of(marking).aggregate(
        at_once=Count("pk", filter=~by_hand),
        by_hand=Count("pk", filter=by_hand),
        marked=Count("points", filter=by_hand),
    )
    return Figures(marking.sheets.count(), thirds=apart(marking).count(), **counts)


def apart(marking: Marking) -> QuerySet[Answer]:
    """Where two differ by more than the limit and a third is missing."""
    rows = Answer.objects.filter(sheet__marking=marking, points=None, question__by_hand=True)
    given = rows.annotate(n=Count("marks__points"), gap=Max("marks__points") - Min("marks__points"))
    return given.filter(n=2, gap__gt=F("worth") * marking.limit / 100)
