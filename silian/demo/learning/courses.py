"""The courses of a body and their sessions: a year behind, one running, two to come."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from silian.demo.cast.founding import Founded, code
from silian.demo.cast.invention import Inventor
from silian.demo.learning import people
from silian.education.courses.models import Course, Lesson, Session
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList

DATA = tomllib.loads((Path(__file__).parent / "data" / "courses.toml").read_text())
YEAR = 330  # days over which the sessions behind are spread
State = Session.State


@dataclass
class Place:
    """Where a body teaches, and who is at hand."""

    body: Founded
    today: date
    draw: Random
    inventor: Inventor
    schools: list[Organisation]
    firms: list[Organisation]
    teacher: User | None
    texts: dict[str, Any]


def add_courses(body: Founded, inventor: Inventor, today: date) -> None:
    slug = body.consortium.slug
    schools = body.of_kind("college", "secondary", "university")
    schools.sort(key=lambda unit: not unit.roles.filter(user__username=f"school.{slug}").exists())
    teacher = User.objects.filter(username=f"teacher.{slug}").first()
    firms = body.of_kind("enterprise")[:8]
    place = Place(body, today, inventor.random, inventor, schools, firms, teacher, DATA["texts"])
    facts = [fact for fact in DATA["courses"] if fact["body"] == slug]
    sessions = [
        session
        for order, fact in enumerate(facts)
        for session in add_sessions(place, add_course(place, fact, order), fact, order)
    ]
    people.add_people(place, sessions)
    people.add_needs(place, [one for one in DATA["needs"] if one["body"] == slug])


def add_course(place: Place, fact: dict[str, Any], order: int) -> Course:
    """The school of the sign-in page offers the first two, other schools the rest."""
    school = place.schools[0 if order < 2 else order % len(place.schools)]
    texts = {key: text for key, text in place.texts.items() if key[-3:] in ("_zh", "_en")}
    occupation = fact.get("occupation")
    return Course.objects.create(
        consortium=place.body.consortium,
        organiser=school,
        kind=fact.get("kind", Course.Kind.UPSKILLING),
        title_zh=fact["title_zh"],
        title_en=fact["title_en"],
        occupation=code(CodeList.Kind.OCCUPATION, occupation) if occupation else None,
        level=fact.get("level", ""),
        hours=Decimal(16),
        attended_percent=80,
        state=Course.State.PUBLISHED,
        published_at=clock.now() - timedelta(days=YEAR + 40),
        **texts,
    )


def add_sessions(
    place: Place, course: Course, fact: dict[str, Any], order: int
) -> list[tuple[Session, int]]:
    """Each with how many people are to be in it."""
    held, size = fact["held"], fact["size"]
    step = YEAR // (held + 1)
    stages = [(-YEAR + step * n + order * 5, State.FINISHED, size) for n in range(held)]
    if order == 0:
        stages += [(-1, State.RUNNING, size), (12, State.OPEN, size + 3), (40, State.OPEN, 5)]
    elif order == 1:
        stages += [(25, State.OPEN, 9)]
    sessions = Session.objects.bulk_create(
        session_of(place, course, fact, number, stage)
        for number, stage in enumerate(stages, start=1)
    )
    Lesson.objects.bulk_create(
        lesson_of(session, day, order) for session in sessions for day in range(2)
    )
    if place.teacher and order < 2:
        links = Session.teachers.through
        links.objects.bulk_create(links(session=one, user=place.teacher) for one in sessions)
    return [(one, stage[2]) for one, stage in zip(sessions, stages, strict=True)]


def session_of(
    place: Place, course: Course, fact: dict[str, Any], number: int, stage: tuple[int, str, int]
) -> Session:
    days, state, _people = stage
    first = place.today + timedelta(days=days)
    price = Decimal(fact["price"])
    return Session(
        course=course,
        number=number,
        place_zh=f"{course.organiser.name_zh}实训中心" if course.organiser else "",
        place_en="Training centre",
        places_min=8,
        places_max=fact["size"],
        starts_on=first,
        ends_on=first + timedelta(days=1),
        enrol_from=first - timedelta(days=60),
        enrol_until=first - timedelta(days=2),
        lecturers=f"{place.draw.choice('陈林周郑吴')}老师、{place.draw.choice('何许沈韩')}工程师",
        price_person=price,
        price_member=price * 3 // 4,
        price_other=price,
        price_government=price * 3 // 5,
        min_age=16,
        state=state,
    )


def lesson_of(session: Session, day: int, order: int) -> Lesson:
    on = session.starts_on + timedelta(days=day)
    starts = timezone.make_aware(datetime.combine(on, time(8 + order % 2, 30)))
    return Lesson(
        session=session,
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
        hours=Decimal(8),
        topic=("岗位与安全、核心技能", "核心技能、综合任务")[day],
        room=f"{1 + order}号实训室",
    )
