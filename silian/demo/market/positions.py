"""What the demo's enterprises need, and the rounds in which students meet them."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from silian.demo.cast.founding import Founded, code
from silian.demo.cast.invention import Inventor
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.occupations.models import Skill
from silian.kernel.codes.models import CodeList

KINDS = ["internship", "internship", "employment", "employment", "apprenticeship", "order_class"]
STATES = [Position.State.PUBLISHED] * 12 + [
    Position.State.SUBMITTED,
    Position.State.SUBMITTED,
    Position.State.DRAFT,
    Position.State.RETURNED,
    Position.State.CLOSED,
]
# What the firm of the sign-in page states: something at every stage.
SHOWN = [
    ("internship", Position.State.PUBLISHED),
    ("employment", Position.State.PUBLISHED),
    ("order_class", Position.State.PUBLISHED),
    ("apprenticeship", Position.State.PUBLISHED),
    ("employment", Position.State.SUBMITTED),
    ("internship", Position.State.RETURNED),
]
CATALOGUE = tomllib.loads((Path(__file__).parent / "data" / "positions.toml").read_text())


def add_skills() -> None:
    Skill.objects.bulk_create(
        Skill(name_zh=zh, name_en=en, kind=kind) for zh, (en, kind) in CATALOGUE["skills"].items()
    )


def add_positions(body: Founded, inventor: Inventor, today: date) -> None:
    """One to four positions of each enterprise; a firm states the same kind of work only once."""
    draw, kinds = inventor.random, body.facts["consortium"]["positions"]
    first, *others = body.of_kind("enterprise", "hospital")
    for key, (kind, state) in zip(draw.sample(kinds, k=len(SHOWN)), SHOWN, strict=True):
        add_position(body, first, key, kind=kind, state=state, inventor=inventor, today=today)
    for employer in others:
        for key in draw.sample(kinds, k=draw.randint(1, 4)):
            kind, state = draw.choice(KINDS), draw.choice(STATES)
            add_position(
                body, employer, key, kind=kind, state=state, inventor=inventor, today=today
            )


def add_position(  # noqa: PLR0913  who needs what, in which state, by whose dice
    body: Founded,
    employer: Organisation,
    key: str,
    *,
    kind: str,
    state: str,
    inventor: Inventor,
    today: date,
) -> None:
    draw, fact = inventor.random, CATALOGUE["positions"][key]
    stated = today - timedelta(days=draw.randint(2, 75))
    low, high = (round(pay * draw.uniform(0.92, 1.12), -2) for pay in fact["pay"])
    manager = employer.roles.select_related("user").get(kind="manager").user
    published = state in (Position.State.PUBLISHED, Position.State.CLOSED)
    position = Position(
        consortium=body.consortium,
        organisation=employer,
        kind=kind,
        occupation=code(CodeList.Kind.OCCUPATION, fact["occupation"]),
        cluster=draw.choice(body.consortium.clusters.all()),
        places=draw.choice([1, 2, 2, 3, 4, 5, 6, 8]),
        education=fact["education"],
        pay_low=int(low),
        pay_high=int(max(low, high)),
        region_id=employer.region_id or body.consortium.region_id,
        starts_on=today + timedelta(days=draw.randint(30, 200)),
        contact_name=manager.name,
        contact_phone=inventor.mobile(),
        state=state,
        remark="请补充实习期间的住宿安排" if state == Position.State.RETURNED else "",
        stated_by=manager,
        published_at=at(stated + timedelta(days=1)) if published else None,
        confirmed_on=stated + timedelta(days=1) if published else None,
        **{key: fact[key] for key in ("title_zh", "title_en", "duties_zh", "duties_en")},
    )
    add_facts_of_kind(position)
    position.save()
    position.programmes.set(code(CodeList.Kind.PROGRAMME, value) for value in fact["programmes"])
    add_needs(position, fact["skills"], inventor)


def add_facts_of_kind(position: Position) -> None:
    """What the kind has to state beside the rest."""
    position.shift = Position.Shift.DAY
    if position.kind != Position.Kind.EMPLOYMENT and position.starts_on:
        position.ends_on = position.starts_on + timedelta(days=182)
    if position.kind in Position.MENTORED:
        position.mentors = 3


def add_needs(position: Position, names: Iterable[str], inventor: Inventor) -> None:
    skills = {skill.name_zh: skill for skill in Skill.objects.filter(name_zh__in=names)}
    SkillNeed.objects.bulk_create(
        SkillNeed(position=position, skill=skills[name], level=inventor.random.randint(1, 3))
        for name in names
    )


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
