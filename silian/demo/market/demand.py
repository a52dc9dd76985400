"""What makes the demo's demand alive: each kind, each freshness, last year's, templates, searches.

It draws from dice of its own, so that what others invent stays what it was.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from silian.demo.cast.founding import Founded, code
from silian.demo.market.positions import CATALOGUE, at
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.industry.demand.models import Position, Rhythm, SkillNeed
from silian.industry.occupations.models import Skill
from silian.industry.outlines.models import Template, TemplateSkill
from silian.industry.watches.models import Watch
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList

Kind, State = Position.Kind, Position.State
# Title and duties of kinds that are about training, made from those of the work itself.
WORDS = {
    Kind.FIELD_ENGINEER: (
        "现场工程师班({})",
        "Field engineers: {}",
        "校企双导师制,按企业真实项目分阶段培养。{}",
    ),
    Kind.COMMISSIONED: (
        "定向委托培养({})",
        "Commissioned training: {}",
        "按企业岗位标准单独编班,考核合格后录用。{}",
    ),
    Kind.STAFF_TRAINING: (
        "技能提升培训({})",
        "Further training: {}",
        "面向在岗职工,理论与实操结合,可申报职业技能等级。{}",
    ),
}
AGES = [*range(1, 15), *range(1, 29), 33, 37, 41, 48, 52, 57]  # days since the last confirmation
STAGES = [3, 37, 52, 12]  # the same of the firm of the sign-in page: fresh, asked, lowered, fresh
RHYTHM = {"chongqing-bio": (20, 30, 45)}  # asks more often than the rest


def add_demand(body: Founded, today: date) -> None:
    dice = Random(f"demand {body.consortium.slug}")  # noqa: S311  a demo, not a secret
    employers = body.of_kind("enterprise")
    add_freshness(body, employers[0], dice, today)
    facts = [CATALOGUE["positions"][key] for key in body.facts["consortium"]["positions"]]
    managers = people(employers)
    stated = [
        *trainings(body, employers, facts, dice, today),
        *last_years(body, employers, facts, dice, today),
    ]
    for position in stated:
        position.stated_by = managers[position.organisation_id]
        position.contact_name = position.stated_by.name
    Position.objects.bulk_create(stated)
    link(stated, dice)
    add_templates(body, employers[0], facts, dice)
    add_watches(body)


def people(employers: Iterable[Organisation]) -> dict[int, User]:
    roles = Role.objects.filter(organisation__in=employers, kind=Role.Kind.MANAGER)
    return {role.organisation_id or 0: role.user for role in roles.select_related("user")}


def add_freshness(body: Founded, first: Organisation, dice: Random, today: date) -> None:
    """When each was confirmed last, and what followed from it."""
    if body.consortium.slug in RHYTHM:
        ask, lower, close = RHYTHM[body.consortium.slug]
        Rhythm.objects.create(
            consortium=body.consortium, ask_after=ask, lower_after=lower, close_after=close
        )
    rhythm, ours = Rhythm.of(body.consortium), iter(STAGES)
    rows = list(Position.objects.published().filter(consortium=body.consortium).order_by("pk"))
    for position in rows:
        age = next(ours, 5) if position.organisation_id == first.pk else dice.choice(AGES)
        age = min(age, rhythm.close_after - 2)
        confirmed = today - timedelta(days=age)
        position.confirmed_on = confirmed
        if position.published_at and position.published_at.date() > confirmed:
            position.published_at = at(confirmed)
        position.asked_on = after(confirmed, rhythm.ask_after, today)
        position.lowered_on = after(confirmed, rhythm.lower_after, today)
    fields = ["confirmed_on", "published_at", "asked_on", "lowered_on"]
    Position.objects.bulk_update(rows, fields)


def after(day: date, days: int, today: date) -> date | None:
    return day + timedelta(days=days) if day + timedelta(days=days) <= today else None


def trainings(
    body: Founded,
    employers: list[Organisation],
    facts: list[dict[str, Any]],
    dice: Random,
    today: date,
) -> Iterator[Position]:
    """Each kind of training twice or more, one of each waiting for review."""
    for kind, (zh, en, duties) in WORDS.items():
        for number, employer in enumerate([employers[0], *dice.sample(employers[1:], 3)]):
            fact, age = dice.choice(facts), dice.randint(1, 25)
            start = today + timedelta(days=dice.randint(20, 120))
            waiting = number == 2
            state = State.SUBMITTED if waiting else State.PUBLISHED
            position = of_work(body, employer, fact, dice, kind=kind, state=state)
            position.title_zh = zh.format(fact["title_zh"])
            position.title_en = en.format(fact["title_en"])
            position.duties_zh = duties.format(fact["duties_zh"])
            position.places = dice.choice([20, 30, 40, 45])
            position.starts_on, position.ends_on = start, start + timedelta(days=150)
            position.published_at = None if waiting else at(today - timedelta(days=age + 1))
            position.confirmed_on = None if waiting else today - timedelta(days=age)
            yield position


def last_years(
    body: Founded,
    employers: list[Organisation],
    facts: list[dict[str, Any]],
    dice: Random,
    today: date,
) -> Iterator[Position]:
    """What was needed a year ago and is filled; one that nobody confirmed and that lapsed."""
    kinds = [Kind.INTERNSHIP, Kind.EMPLOYMENT, Kind.APPRENTICESHIP, Kind.ORDER_CLASS]
    for employer in [*[employers[0]] * 4, *dice.sample(employers[1:], 6)]:
        fact, start = dice.choice(facts), today - timedelta(days=dice.randint(250, 360))
        kind = dice.choice(kinds)
        position = of_work(body, employer, fact, dice, kind=kind, state=State.CLOSED)
        position.starts_on, position.ends_on = start, start + timedelta(days=180)
        position.remark = "已招满"
        position.published_at = at(start - timedelta(days=70))
        position.confirmed_on = start - timedelta(days=dice.randint(5, 40))
        yield position
    closed = {"kind": Kind.EMPLOYMENT, "state": State.CLOSED}
    lapsed = of_work(body, employers[0], facts[0], dice, **closed)
    lapsed.starts_on = today + timedelta(days=40)
    lapsed.lapsed_on = today - timedelta(days=4)
    lapsed.remark = "Nobody confirmed that it is still needed."  # the msgid that the task keeps
    lapsed.confirmed_on = today - timedelta(days=64)
    lapsed.published_at = at(lapsed.confirmed_on)
    yield lapsed


def of_work(
    body: Founded, employer: Organisation, fact: dict[str, Any], dice: Random, **facts: str
) -> Position:
    """A position of one kind of work, as far as the kind says everything."""
    position = Position(consortium=body.consortium, organisation=employer, **facts)
    describe(position, fact)
    position.places = dice.choice([2, 3, 4, 6])
    position.region_id = employer.region_id or body.consortium.region_id
    if position.is_training:
        position.hours, position.fee = dice.choice([40, 80, 160]), dice.choice([800, 1500, 2400])
    else:
        position.pay_low, position.pay_high = fact["pay"]
        position.shift = dice.choice(list(Position.Shift)[:3])
    if position.kind in Position.MENTORED:
        position.mentors = dice.randint(2, 5)
    return position


def describe(work: Any, fact: dict[str, Any]) -> None:
    for name in ("title_zh", "title_en", "duties_zh", "duties_en", "education"):
        setattr(work, name, fact[name])
    work.occupation = code(CodeList.Kind.OCCUPATION, fact["occupation"])
    work.fact = fact


def link(positions: list[Position], dice: Random) -> None:
    """The skills and programmes of each."""
    skills = {skill.name_zh: skill for skill in Skill.objects.all()}
    SkillNeed.objects.bulk_create(
        SkillNeed(position=position, skill=skills[name], level=dice.randint(2, 3))
        for position in positions
        for name in position.fact["skills"]  # type: ignore[attr-defined]
    )
    through: Any = Position.programmes.through
    through.objects.bulk_create(
        through(position_id=p.pk, code_id=code(CodeList.Kind.PROGRAMME, value).pk)
        for p in positions
        for value in p.fact["programmes"]  # type: ignore[attr-defined]
    )


def add_templates(
    body: Founded, first: Organisation, facts: list[dict[str, Any]], dice: Random
) -> None:
    """Two of the firm of the sign-in page, and three samples for all members."""
    kinds = [
        Kind.EMPLOYMENT,
        Kind.INTERNSHIP,
        Kind.ORDER_CLASS,
        Kind.STAFF_TRAINING,
        Kind.INTERNSHIP,
    ]
    templates = []
    for number, (fact, kind) in enumerate(zip(dice.sample(facts, len(kinds)), kinds, strict=True)):
        template = Template(consortium=body.consortium, kind=kind, places=3)
        template.organisation = first if number < 2 else None
        describe(template, fact)
        if not template.is_training:
            template.pay_low, template.pay_high = fact["pay"]
            template.shift = Position.Shift.DAY
        templates.append(template)
    Template.objects.bulk_create(templates)
    skills = {skill.name_zh: skill for skill in Skill.objects.all()}
    TemplateSkill.objects.bulk_create(
        TemplateSkill(template=template, skill=skills[name], level=2)
        for template in templates
        for name in template.fact["skills"]  # type: ignore[attr-defined]
    )


def add_watches(body: Founded) -> None:
    """What the student and the teacher of the sign-in page want to know."""
    slug, consortium = body.consortium.slug, body.consortium
    users = {user.username: user for user in User.objects.filter(username__endswith=f".{slug}")}
    wanted: list[tuple[str, Consortium | None, str, str, str]] = [
        ("student", consortium, "岗位实习", "kind=internship", Watch.Rhythm.DAILY),
        (
            "student",
            None,
            "月薪六千以上的就业岗位",
            "kind=employment&pay=6000",
            Watch.Rhythm.WEEKLY,
        ),
        ("teacher", consortium, "订单班和学徒", "kind=apprenticeship&kind=order_class", "at_once"),
        (
            "school",
            consortium,
            "委托培养和职工培训",
            "kind=commissioned&kind=staff_training",
            "daily",
        ),
    ]
    Watch.objects.bulk_create(
        Watch(
            user=users[f"{who}.{slug}"],
            consortium=where,
            name=name,
            query=query,
            rhythm=rhythm,
            looked_at=clock.now(),
        )
        for who, where, name, query, rhythm in wanted
    )
