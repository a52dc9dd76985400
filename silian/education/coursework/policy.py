"""Materials and homework are for those who have a place in a session, and for its teachers."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.courses.policy import managed, may_teach, visible_sessions
from silian.education.coursework.models import Material, Submission, Task
from silian.education.enrolments.models import Enrolment
from silian.governance.roles.policy import Viewer
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State, Stage = Submission.State, Session.State


@dataclass(frozen=True)
class Row:
    """A learner beside what they handed in for a task, or nothing."""

    enrolment: Enrolment
    submission: Submission | None


def open_sessions(user: Viewer) -> QuerySet[Session]:
    """The sessions in which ``user`` learns or teaches, or which they offer."""
    if not isinstance(user, User):
        return Session.objects.none()
    learning = Enrolment.objects.placed().filter(person__user=user).values("session")
    teaching = Session.teachers.through.objects.filter(user=user).values("session")
    inside = Q(pk__in=learning) | Q(pk__in=teaching) | managed(user, "course__")
    return visible_sessions(user).filter(inside)


def visible_materials(user: Viewer) -> QuerySet[Material]:
    rows = Material.objects.filter(session__in=open_sessions(user).values("pk"))
    return rows.select_related("file", "by")


def visible_tasks(user: Viewer) -> QuerySet[Task]:
    rows = Task.objects.filter(session__in=open_sessions(user).values("pk"))
    waiting = Count("submissions", filter=Q(submissions__state=State.HANDED_IN))
    return rows.annotate(handed_in=Count("submissions"), waiting=waiting).order_by("due_at", "pk")


def visible_submissions(user: Viewer) -> QuerySet[Submission]:
    """One's own, and those of sessions that one teaches or offers."""
    if not isinstance(user, User):
        return Submission.objects.none()
    teaching = Session.teachers.through.objects.filter(user=user).values("session")
    seen = Q(enrolment__person__user=user) | Q(task__session__in=teaching)
    seen |= managed(user, "task__session__course__")
    rows = Submission.objects.filter(seen)
    return rows.select_related(
        "task__session__course__consortium", "enrolment__person__user", "marked_by"
    ).prefetch_related("attachments__file")


def own_place(user: Viewer, session: Session) -> Enrolment | None:
    if not isinstance(user, User):
        return None
    return Enrolment.objects.placed().filter(session=session, person__user=user).first()


def own_submissions(user: User, session: Session) -> dict[int, Submission]:
    """By key of the task."""
    rows = Submission.objects.filter(task__session=session, enrolment__person__user=user)
    return {one.task_id: one for one in rows.select_related("task")}


def handed_in(task: Task) -> list[Row]:
    """Everybody with a place, and what they handed in."""
    there = {
        one.enrolment_id: one
        for one in task.submissions.select_related("task__session__course__consortium")
    }
    rows = Enrolment.objects.placed().filter(session=task.session)
    joined = rows.select_related("person", "organisation", "session__course__consortium")
    return [Row(one, there.get(one.pk)) for one in joined.order_by("organisation", "pk")]


def not_passed(session: Session, enrolments: Iterable[int]) -> dict[int, list[Task]]:
    """What of the required homework each learner (by key) has not passed yet."""
    tasks = list(session.tasks.filter(required=True))
    rows = Submission.objects.filter(task__in=tasks, state=State.MARKED).select_related("task")
    passed = {(one.enrolment_id, one.task_id) for one in rows if one.passed}
    return {key: [task for task in tasks if (key, task.pk) not in passed] for key in enrolments}


# --- verdicts --------------------------------------------------------------------------------
def may_open(user: Viewer, session: Session) -> Verdict:
    if open_sessions(user).filter(pk=session.pk).exists():
        return YES
    return Verdict(_("Only those who have a place in the session and its teachers can do this."))


def may_provide(user: Viewer, session: Session) -> Verdict:
    """May ``user`` put up materials and set homework?"""
    verdict = may_teach(user, session)
    if verdict and session.state in (Stage.FINISHED, Stage.CANCELLED):
        return Verdict(_("The session is over."))
    return verdict


def may_remove_task(user: Viewer, task: Task) -> Verdict:
    verdict = may_provide(user, task.session)
    if verdict and task.submissions.exists():
        return Verdict(_("Somebody has handed it in: it stays."))
    return verdict


def may_hand_in(user: Viewer, task: Task) -> Verdict:
    place = own_place(user, task.session)
    if place is None:
        return Verdict(_("You have no place in this session."))
    if task.session.state not in (Stage.OPEN, Stage.RUNNING):
        return Verdict(_("The session is over."))
    before = task.submissions.filter(enrolment=place).first()
    if before and before.state == State.MARKED:
        return Verdict(_("It is marked."))
    again = before is not None and before.state == State.RETURNED
    if task.due_at <= clock.now() and not (task.takes_late or again):
        return Verdict(_("It was due, and is not taken late."))
    return YES


def may_mark(user: Viewer, submission: Submission) -> Verdict:
    verdict = may_teach(user, submission.task.session)
    if verdict and submission.enrolment.person.user_id == user.pk:
        return Verdict(_("Nobody marks their own homework."))
    if verdict and submission.state != State.HANDED_IN:
        return Verdict(_("There is nothing to mark until it is handed in again."))
    return verdict


def may_give_back(user: Viewer, submission: Submission) -> Verdict:
    verdict = may_teach(user, submission.task.session)
    if verdict and submission.state == State.RETURNED:
        return Verdict(_("It is given back already."))
    if verdict and submission.task.session.state not in (Stage.OPEN, Stage.RUNNING):
        return Verdict(_("The session is over."))
    return verdict
