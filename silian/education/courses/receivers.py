"""Where courses are found, when lessons are for those who teach, and what waits for organisers."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.courses import policy
from silian.education.courses.models import Course, Lesson, Session
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

KEPT = timedelta(days=365)  # how long a lesson stays in its people's calendars

search.index(
    Course,
    visible=policy.visible_courses,
    text=lambda course: [
        course.occupation and course.occupation.name_zh,
        course.occupation and course.occupation.name_en,
        course.organiser and course.organiser.name_zh,
        course.organiser and course.organiser.name_en,
        course.about_zh,
        course.about_en,
        course.audience_zh,
        course.syllabus_zh,
        course.syllabus_en,
    ],
    name=gettext_lazy("Courses"),
)


def event_of(lesson: Lesson) -> Event:
    session = lesson.session
    return Event(
        key=f"lesson-{lesson.pk}",
        title=session.title,
        start=lesson.starts_at,
        end=lesson.ends_at,
        place=" ".join(filter(None, [session.place, lesson.room])),
        text=lesson.topic,
        url=session.get_absolute_url(),
        cancelled=session.state == Session.State.CANCELLED,
    )


@calendars.source
def lessons_taught(user: User) -> Iterable[Event]:
    rows = policy.visible_lessons(user).filter(
        session__teachers=user, starts_at__gte=clock.now() - KEPT
    )
    return map(event_of, rows.exclude(session__state=Session.State.DRAFT))


@todos.source
def sessions_to_open(user: User) -> Iterable[Todo]:
    """Planned, its enrolment should have begun."""
    planned = Session.objects.filter(
        policy.managed(user, "course__"),
        state=Session.State.DRAFT,
        enrol_from__lte=clock.today(),
        enrol_until__gte=clock.today(),
    )
    for session in planned.select_related("course__consortium"):
        label = _("Open the enrolment of “%(session)s”") % {"session": session.title}
        place = session.course.consortium.name
        yield Todo(label, session.get_absolute_url(), place=place)
