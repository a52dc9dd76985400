"""The roll that waits to be called, and one's own attendance beside one's enrolment."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.courses.models import Lesson, Session
from silian.education.courses.policy import managed
from silian.education.enrolments import panels
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.panels import Link
from silian.education.rollcalls.models import Mark
from silian.education.rollcalls.policy import with_hours
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.ui import formats

ASKED = timedelta(days=30)  # how long a lesson without a roll is asked about


@todos.source
def rolls_to_call(user: User) -> Iterable[Todo]:
    """Teachers, or the organiser where no teacher has an account: lessons nobody was noted at."""
    now = clock.now()
    teaches = Session.teachers.through.objects.filter(session=OuterRef("session"))
    begun = Lesson.objects.filter(
        session__state=Session.State.RUNNING, starts_at__range=(now - ASKED, now), marks=None
    )
    mine = begun.filter(session__teachers=user) | begun.filter(
        managed(user, "session__course__")
    ).exclude(Exists(teaches))
    for lesson in mine.select_related("session__course__consortium").distinct():
        facts = {"session": lesson.session.title, "day": formats.moment(lesson.starts_at)}
        consortium = lesson.session.course.consortium
        yield Todo(
            _("Call the roll: “%(session)s”, %(day)s") % facts,
            reverse("rollcalls:roll_index", args=[consortium, lesson.session_id]),
            place=consortium.name,
        )


@panels.source
def attendance(user: User, enrolments: list[Enrolment]) -> Iterable[tuple[int, Link]]:
    """The hours somebody was there, once there are any marks."""
    marked = Mark.objects.filter(enrolment__in=enrolments).values("enrolment")
    rows = with_hours(Enrolment.objects.filter(pk__in=marked))
    hours = Lesson.objects.filter(session__in=rows.values("session")).order_by()
    total = dict(hours.values("session").annotate(n=Sum("hours")).values_list("session", "n"))
    for row in rows.select_related("session__course__consortium"):
        facts = {
            "hours": formats.number(row.attended),
            "all": formats.number(total[row.session_id]),
        }
        label = _("Attended: %(hours)s of %(all)s hours") % facts
        yield row.pk, Link(label, row.session.get_absolute_url())
