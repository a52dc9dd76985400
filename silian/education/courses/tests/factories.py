from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from silian.education.courses.models import Course, Lesson, Session
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User

numbers = count(1)


def make_course(
    consortium: Consortium | None = None, organiser: Organisation | None = None, **fields: object
) -> Course:
    """Published by a member college, completed by attending half of the hours."""
    consortium = consortium or make_consortium()
    organiser = organiser or make_organisation(Organisation.Kind.COLLEGE)
    if not Membership.objects.filter(consortium=consortium, organisation=organiser).exists():
        make_membership(consortium, organiser)
    number = next(numbers)
    facts: dict[str, object] = {
        "title_zh": f"数控车削培训{number}",
        "title_en": f"Turning {number}",
        "about_zh": "会编程,会加工。",
        "syllabus_zh": "# 第一章\n安全",
        "hours": 16,
        "attended_percent": 50,
        "asks_feedback": False,
        "published_at": clock.now(),
        "state": Course.State.PUBLISHED,
    }
    return Course.objects.create(consortium=consortium, organiser=organiser, **(facts | fields))


def make_session(
    course: Course | None = None,
    *,
    days: int = 20,
    lessons: int = 2,
    teacher: User | None = None,
    **fields: object,
) -> Session:
    """Open for enrolment, ten places, begins in ``days`` with a lesson of four hours each day."""
    course = course or make_course()
    today = clock.today()
    first = today + timedelta(days=days)
    facts: dict[str, object] = {
        "number": course.sessions.count() + 1,
        "place_zh": "实训中心",
        "places_max": 10,
        "starts_on": first,
        "ends_on": first + timedelta(days=max(0, lessons - 1)),
        "enrol_from": today - timedelta(days=5),
        "enrol_until": max(first, today),
        "price_person": Decimal(800),
        "price_member": Decimal(600),
        "price_other": Decimal(900),
        "price_government": Decimal(500),
        "state": Session.State.OPEN,
    }
    session = Session.objects.create(course=course, **(facts | fields))
    for day in range(lessons):
        make_lesson(session, first + timedelta(days=day))
    if teacher:
        session.teachers.add(teacher)
    return session


def make_lesson(session: Session, day: object, **fields: object) -> Lesson:
    starts = timezone.make_aware(datetime.combine(day, time(9)))  # type: ignore[arg-type]
    facts = {"starts_at": starts, "ends_at": starts + timedelta(hours=4), "hours": Decimal(4)}
    return Lesson.objects.create(session=session, **(facts | fields))
