"""What a learner still lacks, who completes people, and who reads the count of a year."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.completions.models import Aim, Completion
from silian.education.courses.models import Session
from silian.education.courses.policy import managed, may_create, may_manage
from silian.education.coursework.policy import not_passed
from silian.education.enrolments.models import Enrolment
from silian.education.feedback.models import Filled
from silian.education.rollcalls.policy import called_in, hours_in, with_hours
from silian.governance.consortia.models import Consortium
from silian.governance.plans.models import Target
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Enrolment.State


@dataclass(frozen=True)
class Standing:
    """How far one learner is: hours, and in words what is missing."""

    enrolment: Enrolment
    hours: Decimal
    percent: int
    missing: list[str]

    @property
    def completed(self) -> bool:
        return self.enrolment.state == State.COMPLETED

    @property
    def ready(self) -> bool:
        return not self.missing and not self.completed


def standings(session: Session) -> list[Standing]:
    """Everybody with a place, by the rule that the course states."""
    course, total = session.course, hours_in(session)
    filled = set(
        Filled.objects.filter(enrolment__session=session).values_list("enrolment", flat=True)
    )
    rows = list(with_hours(called_in(session)))
    homework = not_passed(session, [row.pk for row in rows])
    found = []
    for row in rows:
        percent = int(100 * row.attended / total) if total else 0
        missing = []
        if percent < course.attended_percent:
            facts = {"percent": percent, "asked": course.attended_percent}
            missing.append(_("%(percent)s%% of the hours attended, %(asked)s%% asked") % facts)
        if course.asks_feedback and row.pk not in filled:
            missing.append(_("Satisfaction form not filled in"))
        for task in homework[row.pk]:
            missing.append(_("Homework “%(task)s” not passed") % {"task": task.title})
        found.append(Standing(row, row.attended, percent, missing))
    return found


def may_complete(user: Viewer, session: Session) -> Verdict:
    """From the last lesson on."""
    verdict = may_manage(user, session.course)
    if verdict and session.state not in (Session.State.RUNNING, Session.State.FINISHED):
        return Verdict(_("The training has not begun yet."))
    if verdict and session.ends_on > clock.today():
        return Verdict(_("The last lesson is still to come."))
    return verdict


def may_finish(user: Viewer, session: Session) -> Verdict:
    verdict = may_complete(user, session)
    if verdict and session.state != Session.State.RUNNING:
        return Verdict(_("The session is over."))
    return verdict


def may_withdraw(user: Viewer, completion: Completion) -> Verdict:
    verdict = may_manage(user, completion.enrolment.session.course)
    if verdict and completion.withdrawn_on:
        return Verdict(_("It was taken back."))
    return verdict


def visible_completions(user: Viewer) -> QuerySet[Completion]:
    """By name: of the courses one offers, of one's organisation's people, and one's own."""
    if not isinstance(user, User):
        return Completion.objects.none()
    seen = managed(user, "enrolment__session__course__") | Q(enrolment__person__user=user)
    seen |= Q(enrolment__organisation__in=organisations_of(user))
    rows = Completion.objects.standing().filter(seen)
    return rows.select_related(
        "enrolment__person",
        "enrolment__organisation",
        "enrolment__session__course__consortium",
        "enrolment__session__course__organiser",
        "enrolment__session__course__occupation",
    )


def counted(user: Viewer, consortium: Consortium) -> QuerySet[Completion]:
    """For sums: the secretariat all of the body's, an organiser its own."""
    rows = Completion.objects.standing().filter(enrolment__session__course__consortium=consortium)
    if is_secretary(user, consortium):
        return rows
    return rows.filter(managed(user, "enrolment__session__course__"))


def may_count(user: Viewer, consortium: Consortium) -> Verdict:
    if may_create(user, consortium):
        return YES
    return Verdict(_("Only the secretariat and whoever offers courses read the count."))


def may_aim(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` say which target of the plan is meant, and report to it?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def aim_of(consortium: Consortium, year: int) -> Aim | None:
    return Aim.objects.filter(consortium=consortium, year=year).select_related("target").first()


def targets_for(consortium: Consortium, year: int) -> QuerySet[Target]:
    return Target.objects.filter(consortium=consortium, year=year).order_by("pk")
