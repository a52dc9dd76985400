"""The demo's practical exams and the examiners who may judge them."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.timezone import get_default_timezone, localtime

from silian.demo.cast.founding import Founded, code
from silian.education.examiners.models import Card, Examiner, Relation
from silian.education.practicals.models import (
    Criterion,
    Entrant,
    Panellist,
    Practical,
    Station,
    Turn,
)
from silian.education.practicals.services import numbers
from silian.education.turns.services import planned
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList
from silian.kernel.persons.models import Person
from silian.kernel.states import move
from silian.talent.profiles.models import Student

FACTS = tomllib.loads((Path(__file__).parent / "data" / "practicals.toml").read_text())
State = Practical.State
# The people of the theory exams, a few days later: state, days from today, candidates, title
STAGES = [
    (State.CLOSED, -148, 12, "2026年上半年中级班"),
    (State.ANNOUNCED, 0, 6, "模拟考试"),
    (State.ANNOUNCED, 13, 8, "2026年下半年中级班"),
    (State.DRAFT, 27, 0, "补考"),
]
LEVEL = "4"
CARDS = [  # the highest level and for how many days it holds on, of one examiner after another
    ("1", 900), ("2", 700), ("3", 640), ("1", 520), ("3", 410), ("2", 333), ("3", 280), ("3", 45),
    ("3", 24), ("3", 450), ("5", 600), ("3", -20),
]  # fmt: skip
TEAM = 3
RULES = (
    "请携带身份证和准考证，提前20分钟到候考室报到。在各工位只报抽签号，不得向考评员透露姓名和单位。"
)


@dataclass
class Office:
    """Who holds the exams of a body, and with whom."""

    school: Organisation
    secretary: User
    examiners: list[Examiner]
    people: list[Person]


def add_practicals(body: Founded, now: datetime) -> None:
    """Held by the school whose students the candidates are; others judge."""
    facts = FACTS.get(body.consortium.slug)
    if not facts:
        return
    office = office_of(body, facts, now)
    for state, days, count, name in STAGES:
        practical = add_practical(body, facts, office, begin_of(now, days), name)
        stations = add_stations(practical, facts)
        if state == State.DRAFT:
            continue
        seat_examiners(stations, office.examiners)
        enter(practical, stations, office.people[:count], office.school, admitted=days <= 0)
        move(practical, State.ANNOUNCED, by=office.secretary)
        if state == State.CLOSED:
            move(practical, State.CLOSED, by=office.secretary)


def begin_of(now: datetime, days: int) -> datetime:
    """At half past eight; the first turns of today's are just going on."""
    if not days:
        return (now - timedelta(minutes=25)).replace(second=0, microsecond=0)
    day = localtime(now, get_default_timezone()).date() + timedelta(days=days)
    return datetime.combine(day, time(8, 30), get_default_timezone())


def office_of(body: Founded, facts: dict[str, Any], now: datetime) -> Office:
    slug = body.consortium.slug
    names = [f"{word}.{slug}" for word in ("secretary", "teacher")]
    secretary, teacher = User.objects.filter(username__in=names).order_by("username")
    school = teacher.roles.get(organisation__isnull=False).organisation
    assert school is not None  # the role is that of a teacher
    rows = Student.objects.filter(school=school).select_related("person").order_by("pk")
    people = [student.person for student in rows[: max(count for *_s, count, _t in STAGES)]]
    examiners = add_examiners(body, facts, now)
    # taught the first candidate: the other examiners of the station judge that one
    Relation.objects.create(
        examiner=examiners[TEAM], person=people[0], kind="teacher", by=examiners[TEAM].user, at=now
    )
    return Office(school, secretary, examiners, people)


def add_examiners(body: Founded, facts: dict[str, Any], now: datetime) -> list[Examiner]:
    """An expert, people of firms, and a teacher whose card ran out."""
    slug, today = body.consortium.slug, localtime(now, get_default_timezone()).date()
    names = [f"expert.{slug}", f"enterprise.{slug}"]
    names += [f"enterprise{n}.{slug}" for n in range(2, len(CARDS) - 1)] + [f"teacher.{slug}"]
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    roles = {
        role.user_id: role.organisation_id
        for user in users.values()
        for role in user.roles.all()
        if role.organisation_id
    }
    examiners = Examiner.objects.bulk_create(
        Examiner(
            consortium=body.consortium,
            user=users[name],
            organisation_id=roles.get(users[name].pk),
        )
        for name in names
    )
    Card.objects.bulk_create(
        Card(
            examiner=examiner,
            number=f"KP{today:%y}{examiner.pk:07d}",
            occupation=code(CodeList.Kind.OCCUPATION, facts["occupation"]),
            highest=highest,
            valid_from=today + timedelta(days=days - 3 * 365),
            valid_until=today + timedelta(days=days),
        )
        for examiner, (highest, days) in zip(examiners, CARDS, strict=True)
    )
    return examiners


def add_practical(
    body: Founded, facts: dict[str, Any], office: Office, begins_at: datetime, name: str
) -> Practical:
    return Practical.objects.create(
        consortium=body.consortium,
        organiser=office.school,
        title_zh=f"{facts['zh']}四级实操考试（{name}）",
        title_en=f"Practical exam {facts['en']}, level 4, of {begins_at:%d %b %Y}",
        occupation=code(CodeList.Kind.OCCUPATION, facts["occupation"]),
        level=LEVEL,
        begins_at=begins_at,
        pauses_at=time(12),
        resumes_at=time(13, 30),
        rules_zh=RULES,
    )


def add_stations(practical: Practical, facts: dict[str, Any]) -> list[Station]:
    stations = Station.objects.bulk_create(
        Station(
            practical=practical,
            order=order,
            name_zh=told["zh"],
            name_en=told["en"],
            task_zh=told["task"],
            **{name: told[name] for name in "place desks minutes weight".split()},
        )
        for order, told in enumerate(facts["stations"], start=1)
    )
    Criterion.objects.bulk_create(
        criterion(station, order, line)
        for station, told in zip(stations, facts["stations"], strict=True)
        for order, line in enumerate(told["criteria"], start=1)
    )
    return stations


def criterion(station: Station, order: int, line: Sequence[Any]) -> Criterion:
    kind, points, zh, en, *measure = line
    values: dict[str, Any] = {}
    if measure:
        nominal, below, above, unit = measure
        values = {"nominal": nominal, "below": below, "above": above}
        values = {name: Decimal(str(value)) for name, value in values.items()} | {"unit": unit}
    return Criterion(
        station=station,
        order=order,
        kind=kind.lstrip("!+"),
        points=points,
        name_zh=zh,
        name_en=en,
        critical="!" in kind,
        photo="+" in kind,
        **values,
    )


def seat_examiners(stations: Sequence[Station], examiners: Sequence[Examiner]) -> None:
    """Three at each station and one more at the second; the first of them is its chief."""
    Panellist.objects.bulk_create(
        Panellist(station=station, examiner=examiner, chief=not place)
        for station, team in zip(stations, teams(examiners), strict=False)
        for place, examiner in enumerate(team)
    )


def teams(examiners: Sequence[Examiner]) -> Iterator[Sequence[Examiner]]:
    yield examiners[:TEAM]
    yield [examiners[4], examiners[TEAM], *examiners[5 : TEAM + 4]]
    yield examiners[TEAM + 4 : TEAM + 7]


def enter(
    practical: Practical,
    stations: list[Station],
    people: Sequence[Person],
    school: Organisation,
    *,
    admitted: bool,
) -> None:
    """With numbers and turns drawn; whose exam has begun was let in."""
    entrants = Entrant.objects.bulk_create(
        Entrant(
            practical=practical,
            person=person,
            organisation=school,
            number=number,
            draw=draw,
            admitted_at=practical.begins_at - timedelta(minutes=20) if admitted else None,
        )
        for draw, (person, number) in enumerate(
            zip(people, numbers(practical, 1), strict=False), start=1
        )
    )
    Turn.objects.bulk_create(planned(practical, entrants, stations, practical.pk))
