"""``--scale region``: a whole region in rows, to measure with; no accounts, no record."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import models

from silian.demo.cast.founding import Founded, code, region
from silian.demo.cast.invention import BRANDS, SCALES, STAFF, Inventor
from silian.demo.cast.people import LEVELS, graduation_year
from silian.demo.market.positions import CATALOGUE, KINDS, add_facts_of_kind, at
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.occupations.models import Skill
from silian.kernel.codes.models import CodeList
from silian.kernel.persons.models import Person
from silian.talent.profiles.models import Student

Row = TypeVar("Row", bound=models.Model)
ENTERPRISES, STUDENTS, POSITIONS = 26_000, 100_000, 40_000
BATCH = 5_000


def add_region(body: Founded, inventor: Inventor, today: date) -> None:
    """Fill ``body`` up to the size of the new area that article 003 describes."""
    firms = saved(Organisation, new_firms(body, inventor))
    positions = saved(Position, new_positions(body, firms, inventor, today))
    add_links(positions, inventor)
    people = saved(Person, (Person(name=inventor.person()) for _number in range(STUDENTS)))
    saved(Student, new_students(body, people, inventor, today))


def saved(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    """Insert ``rows`` in batches, so that the memory is that of one batch and the keys."""
    done: list[Row] = []
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        done += model._default_manager.bulk_create(batch)
    return done


def new_firms(body: Founded, inventor: Inventor) -> Iterator[Organisation]:
    about = body.facts["consortium"]
    places = [region(value) for value in about["regions"]]
    industries = [code(CodeList.Kind.INDUSTRY, v) for v in about["invented_industries"]]
    draw = inventor.random
    for number in range(1, ENTERPRISES + 1):
        place, scale = draw.choice(places), draw.choice(SCALES)
        word = draw.choice(about["invented_words"])
        short = place.name_zh.removesuffix("区").removesuffix("市")
        yield Organisation(
            kind=Organisation.Kind.ENTERPRISE,
            name_zh=f"{short}{draw.choice(BRANDS)}{word}{number:05}号有限公司",
            name_en=f"Demo regional enterprise {number:05}",
            credit_code=inventor.credit_code("91", place.code),
            region=place,
            industry=draw.choice(industries),
            scale=scale,
            staff_count=STAFF[scale] + draw.randrange(40),
            above_scale=scale in {"large", "medium"},
            invented=True,
        )


def new_positions(
    body: Founded, firms: list[Organisation], inventor: Inventor, today: date
) -> Iterator[Position]:
    facts = [CATALOGUE["positions"][key] for key in body.facts["consortium"]["positions"]]
    codes = [code(CodeList.Kind.OCCUPATION, fact["occupation"]) for fact in facts]
    draw = inventor.random
    for _number in range(POSITIONS):
        kind = draw.randrange(len(facts))
        fact, firm = facts[kind], draw.choice(firms)
        published = today - timedelta(days=draw.randint(1, 90))
        texts = ("title_zh", "title_en", "duties_zh", "duties_en")
        position = Position(
            consortium=body.consortium,
            organisation=firm,
            kind=draw.choice(KINDS),
            occupation=codes[kind],
            places=draw.randint(1, 6),
            education=fact["education"],
            pay_low=fact["pay"][0],
            pay_high=fact["pay"][1],
            region_id=firm.region_id or body.consortium.region_id,
            starts_on=today + timedelta(days=draw.randint(30, 200)),
            contact_name="演示",
            state=Position.State.PUBLISHED,
            published_at=at(published),
            confirmed_on=published,
            **{key: fact[key] for key in texts},
        )
        add_facts_of_kind(position)
        position.fact = fact  # type: ignore[attr-defined]
        yield position


def add_links(positions: list[Position], inventor: Inventor) -> None:
    """What each position asks for: its skills, and the programmes that fit."""
    skills = {skill.name_zh: skill for skill in Skill.objects.all()}
    programme_link: Any = Position.programmes.through

    def needs() -> Iterator[SkillNeed]:
        for position in positions:
            for name in position.fact["skills"]:  # type: ignore[attr-defined]
                level = inventor.random.randint(1, 3)
                yield SkillNeed(position=position, skill=skills[name], level=level)

    def programmes() -> Iterator[models.Model]:
        for position in positions:
            for value in position.fact["programmes"]:  # type: ignore[attr-defined]
                programme = code(CodeList.Kind.PROGRAMME, value)
                yield programme_link(position_id=position.pk, code_id=programme.pk)

    saved(SkillNeed, needs())
    saved(programme_link, programmes())


def new_students(
    body: Founded, people: list[Person], inventor: Inventor, today: date
) -> Iterator[Student]:
    schools = body.of_kind("university", "college", "secondary")
    final, draw = graduation_year(today), inventor.random
    every = body.facts["consortium"]["programmes"]
    fitting = {
        school.pk: [code(CodeList.Kind.PROGRAMME, v) for v in every if v[0] in LEVELS[school.kind]]
        for school in schools
    }
    teaching = [school for school in schools if fitting[school.pk]]
    for number, person in enumerate(people):
        school = teaching[number % len(teaching)]
        yield Student(
            school=school,
            person=person,
            number=f"R{number:07}",
            name=person.name,
            programme=draw.choice(fitting[school.pk]),
            entered=final - 3,
            graduates=final,
            points=round(min(98.0, max(40.0, draw.gauss(75, 9))), 2),
        )
