"""Homework beside one's enrolment, and what waits to be done or marked."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.courses.policy import managed
from silian.education.coursework.models import Material, Submission, Task
from silian.education.enrolments import panels
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.panels import Link
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

State, Stage = Submission.State, Session.State


@panels.source
def work(user: User, enrolments: list[Enrolment]) -> Iterable[tuple[int, Link]]:
    """The materials of a session in which one has a place."""
    there = Q(pk__in=Material.objects.values("session")) | Q(pk__in=Task.objects.values("session"))
    mine = Enrolment.objects.placed().filter(
        pk__in=[one.pk for one in enrolments],
        person__user=user,
        session__in=Session.objects.filter(there),
    )
    for row in mine.select_related("session__course__consortium"):
        url = reverse("coursework:work_index", args=[row.session.course.consortium, row.session_id])
        yield row.pk, Link(_("Materials and homework"), url)


@todos.source
def homework_to_do(user: User) -> Iterable[Todo]:
    done = Submission.objects.filter(task=OuterRef("pk"), enrolment__person__user=user)
    settled = done.exclude(state=State.RETURNED)
    placed = Enrolment.objects.placed().filter(person__user=user).values("session")
    open_ones = Task.objects.filter(
        session__in=placed, session__state__in=[Stage.OPEN, Stage.RUNNING]
    ).exclude(Exists(settled))
    for task in open_ones.select_related("session__course__consortium"):
        label = _("Homework: “%(task)s”") % {"task": task.title}
        yield Todo(label, task.get_absolute_url(), due=task.due_at, place=task.session.title)


@todos.source
def homework_to_mark(user: User) -> Iterable[Todo]:
    """Teachers, or the organiser where no teacher has an account."""
    teaches = Session.teachers.through.objects.filter(session=OuterRef("session"))
    waiting = Task.objects.filter(submissions__state=State.HANDED_IN)
    mine = waiting.filter(session__teachers=user) | waiting.filter(
        managed(user, "session__course__")
    ).exclude(Exists(teaches))
    for task in mine.select_related("session__course__consortium").distinct():
        count = task.submissions.filter(state=State.HANDED_IN).count()
        label = _("Mark the homework “%(task)s”") % {"task": task.title}
        place = task.session.course.consortium.name
        yield Todo(label, task.get_absolute_url(), count=count, place=place)
