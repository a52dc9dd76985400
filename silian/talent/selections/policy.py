"""Who may apply, who decides on the list, who fills a place and who leaves."""

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.policy import (
    firm_side,
    may_take_part,
    named_for,
    school_side,
    visible_learners,
)
from silian.talent.consents.policy import may_give
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round
from silian.talent.selections.models import Selection, Side

KINDS = "order_class apprenticeship field_engineer internship employment".split()


def learners_in(user: Viewer, cohort: Cohort) -> QuerySet[Learner]:
    """The learners of ``cohort`` with ``named``: may ``user`` read who it is?"""
    named = ExpressionWrapper(
        Q(pk__in=named_for(user, cohort)), output_field=BooleanField(default=False)
    )
    rows = visible_learners(user).filter(cohort=cohort).select_related("interview")
    return rows.annotate(named=named)


def selection_of(cohort: Cohort) -> Selection:
    """How the list stands; a new one is the school's to begin with."""
    return Selection.objects.filter(cohort=cohort).first() or Selection(cohort=cohort)


def enrolment_for(user: Viewer, cohort: Cohort) -> Student | None:
    """The enrolment with which ``user`` can apply: at the school, and of a programme that fits."""
    if not isinstance(user, User):
        return None
    rows = Student.objects.filter(user=user, school=cohort.school, state=Student.State.ENROLLED)
    if cohort.graduates:
        rows = rows.filter(graduates=cohort.graduates)
    if codes := list(cohort.open_to.values_list("pk", flat=True)):
        rows = rows.filter(programme__in=codes)
    return rows.select_related("person", "school", "programme").first()


def place_of(user: Viewer, cohort: Cohort) -> Learner | None:
    if not isinstance(user, User):
        return None
    return Learner.objects.filter(cohort=cohort, student__user=user).first()


def own_places(user: User) -> QuerySet[Learner]:
    return visible_learners(user).filter(student__user=user).order_by("-applied_at")


def may_apply(user: Viewer, cohort: Cohort) -> Verdict:
    if not cohort.is_open:
        return Verdict(_("This cohort takes no applications at the moment."))
    if place_of(user, cohort):
        return Verdict(_("You have applied already."))
    if not enrolment_for(user, cohort):
        return Verdict(_("Only students of the school, programmes and year named here can apply."))
    return YES


def side_of(user: Viewer, cohort: Cohort) -> str:
    """The side that ``user`` decides for; empty for everybody else."""
    if school_side(user, cohort):
        return Side.SCHOOL
    return Side.ENTERPRISE if firm_side(user, cohort) else ""


def may_choose(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` change the list now and pass it on?"""
    side = side_of(user, cohort)
    if not side:
        return Verdict(_("Only the school and the enterprises decide who is taken."))
    if cohort.state not in (Cohort.State.SELECTING, Cohort.State.RUNNING):
        return Verdict(_("The selection is not open."))
    if selection_of(cohort).turn != side:
        return Verdict(_("The list is with the other side."))
    return YES


def may_enter(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` enter learners by a sheet? The school knows its class."""
    if not school_side(user, cohort):
        return Verdict(_("Only the school's own staff can do this."))
    return _while_selecting(cohort)


def may_score(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` set interviews and enter their scores?"""
    return may_take_part(user, cohort) and _while_selecting(cohort)


def may_import(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` take over the confirmed placements of a round?"""
    if not side_of(user, cohort):
        return Verdict(_("Only the school and the enterprises decide who is taken."))
    return _while_selecting(cohort)


def rounds_for(cohort: Cohort) -> QuerySet[Round]:
    """Published rounds in which a firm of ``cohort`` has places for this school's students."""
    return Round.objects.filter(
        consortium=cohort.consortium,
        kind__in=KINDS,
        placements__state="confirmed",
        placements__student__school=cohort.school,
        placements__seat__position__organisation__in=[firm.pk for firm in cohort.firms],
    ).distinct()


def may_fill(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` give a free place to the next on the list that both sides agreed on?"""
    if not side_of(user, cohort):
        return Verdict(_("Only the school and the enterprises decide who is taken."))
    if cohort.state not in (Cohort.State.SELECTING, Cohort.State.RUNNING):
        return Verdict(_("The selection is not open."))
    if not cohort.learners.filter(state=Learner.State.WAITING).exists():
        return Verdict(_("Nobody is on the waiting list."))
    if cohort.learners.placed().count() >= cohort.quota:
        return Verdict(_("Every place is taken."))
    return YES


def may_leave(user: Viewer, learner: Learner) -> Verdict:
    """A student may leave at any time; the school may note that they have."""
    own = isinstance(user, User) and learner.student.user_id == user.pk
    if not (own or school_side(user, learner.cohort)):
        return Verdict(_("Only the student and the school can do this."))
    if Learner.State.LEFT not in Learner.MOVES.get(Learner.State(learner.state), ()):
        return Verdict(_("There is no place to leave any more."))
    return YES


def may_consent(user: Viewer, learner: Learner) -> Verdict:
    """Whether the enterprises read one's name is the student's own decision."""
    return may_give(user, learner.student.person)


def _while_selecting(cohort: Cohort) -> Verdict:
    if cohort.state in (Cohort.State.SELECTING, Cohort.State.RUNNING):
        return YES
    return Verdict(_("The selection is not open."))
