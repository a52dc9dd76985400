"""Offering courses and planning their sessions. Each function is one thing somebody does."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.courses.audiences import audience_of, followed
from silian.education.courses.models import Course, Lesson, Session
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move

Times = Sequence[Lesson]  # not saved yet
KEPT = {"id", "course", "number", "taken", "state", "reason"}  # not changed by a form
EDITED = [field.name for field in Session._meta.fields if field.name not in KEPT]


@transaction.atomic
def save_course(course: Course, *, by: User) -> Course:
    """Keep a new or changed course."""
    new = course.pk is None
    if new:
        course.stated_by = by
    course.save()
    record(course, gettext_noop("Course drafted") if new else gettext_noop("Course changed"), by=by)
    return course


def publish_course(course: Course, *, by: User) -> None:
    """It stands in the catalogue, open to everybody."""
    move(course, Course.State.PUBLISHED, by=by, published_at=course.published_at or clock.now())


def withdraw_course(course: Course, *, by: User) -> None:
    """It is no longer offered; what was held stays readable."""
    move(course, Course.State.WITHDRAWN, by=by)


def blank_session(course: Course) -> Session:
    """The next session, with what the last one said; not saved."""
    last = course.sessions.order_by("-number").first()
    if last is None:
        return Session(course=course)
    kept = """place_zh place_en places_min places_max lecturers price_person price_member
    price_other price_government free_days late_percent min_age members_only after_id""".split()
    return Session(course=course, **{name: getattr(last, name) for name in kept})


@transaction.atomic
def save_session(
    session: Session, *, lessons: Times, teachers: Iterable[User], by: User
) -> Session:
    """Keep a new or changed session with its lessons; whoever it concerns is told of new times."""
    new = session.pk is None
    before = set() if new else _times_of(session)
    session.starts_on = min(_day(lesson) for lesson in lessons)
    session.ends_on = max(_day(lesson) for lesson in lessons)
    if new:
        course = Course.objects.select_for_update().get(pk=session.course_id)
        last = course.sessions.aggregate(Max("number"))["number__max"]
        session.number = (last or 0) + 1
        session.save()
    else:
        session.save(update_fields=EDITED)
    session.teachers.set(teachers)
    _keep_lessons(session, lessons)
    action = gettext_noop("Session planned") if new else gettext_noop("Session changed")
    record(session, action, by=by)
    followed(session, by=by)
    known = session.state in (Session.State.OPEN, Session.State.RUNNING)
    if known and before != _times_of(session):
        tell(session, gettext_noop("“%(session)s” has new times or rooms. Please look."))
    return session


def _keep_lessons(session: Session, lessons: Times) -> None:
    """Those that stay keep their rows, as attendance hangs on them."""
    kept = [lesson.pk for lesson in lessons if lesson.pk]
    try:
        session.lessons.exclude(pk__in=kept).delete()
    except ProtectedError as called:
        raise ValidationError(_("At a lesson left out the roll was called: it stays.")) from called
    for lesson in lessons:
        lesson.session = session
        lesson.save()


def _times_of(session: Session) -> set[tuple[object, ...]]:
    return set(session.lessons.values_list("starts_at", "ends_at", "room"))


def _day(lesson: Lesson) -> date:
    return timezone.localtime(lesson.starts_at, timezone.get_default_timezone()).date()


def open_session(session: Session, *, by: User) -> None:
    """People can enrol, from the day that it says."""
    move(session, Session.State.OPEN, by=by)


def tell(session: Session, message: str, **words: str) -> None:
    """Tell everybody whom the session concerns."""
    url = session.get_absolute_url()
    notify(audience_of(session), message, url=url, session=both(session, "title"), **words)
