"""The certificates of a body: a year of issued ones, lists in publicity, ready and in draft."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from silian.demo.cast.founding import Founded, code
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import people_of
from silian.kernel.accounts.models import User
from silian.kernel.clock import working_day
from silian.kernel.codes.models import CodeList
from silian.kernel.persons.models import Person
from silian.talent.credentials import services
from silian.talent.credentials.models import Certificate, Kind, Officer
from silian.talent.credentials.scales import Family
from silian.talent.credentials.serials import take_numbers
from silian.talent.issuing.models import Batch, Candidate
from silian.talent.profiles.models import Student

DATA = tomllib.loads((Path(__file__).parent / "data" / "certificates.toml").read_text())
ROUNDS = (340, 250, 160, 70)  # days ago that certificates were issued
LISTED = 18  # people on a list in publicity


def add_certificates(body: Founded, today: date) -> None:
    """By the body's first college, whose teacher is its issuing officer."""
    facts = DATA["bodies"][body.consortium.slug]
    school = next(one for one in body.of_kind("college", "university") if one.students.exists())
    drafter = people_of(school).order_by("pk").first()
    held = Role.objects.filter(organisation=school, kind=Role.Kind.TEACHER)
    officer = User.objects.filter(pk__in=held.values("user")).order_by("pk").first()
    if drafter is None or officer is None:
        return
    seat = {"consortium": body.consortium, "organisation": school, "user": officer}
    Officer.objects.create(start=today - timedelta(days=400), **seat)
    kinds = [add_kind(body, fact, facts, school) for fact in DATA["kinds"]]
    people = holders(school)
    draw = Random(body.consortium.slug)  # noqa: S311  a demo's dice
    for kind, fact in zip(kinds, DATA["kinds"], strict=True):
        count = max(facts["issued"] * fact["share"] // 100, 2)
        rounds = ROUNDS if count > LISTED else ROUNDS[-1:]
        for place, days in enumerate(rounds):
            part = count // len(rounds) + (place < count % len(rounds))
            chosen = draw.sample(people, min(part, len(people)))
            add_issued(kind, chosen, today - timedelta(days=days), officer, draw)
    if facts["issued"] > 100:
        end_two(kinds[0], officer)
    add_own(kinds[1], school, officer, today)
    add_lists(kinds, people, drafter, today, draw)


def add_kind(
    body: Founded, fact: dict[str, Any], facts: dict[str, Any], school: Organisation
) -> Kind:
    plain = {name: value for name, value in fact.items() if name != "share"}
    skill = fact["family"] == Family.SKILL
    return Kind.objects.create(
        consortium=body.consortium,
        issuer=school,
        signer="考核中心主任" if skill else "",
        prefix=facts["prefix"] if skill else body.consortium.slug.upper(),
        occupation=code(CodeList.Kind.OCCUPATION, facts["occupation"]) if skill else None,
        **plain,
    )


def holders(school: Organisation) -> list[Person]:
    rows = Student.objects.filter(school=school).select_related("person").order_by("pk")
    return [student.person for student in rows]


def detail(kind: Kind, draw: Random) -> dict[str, Any]:
    """What a certificate of this family says beside name and day."""
    found: dict[str, Any] = {"level": draw.choice(kind.levels[:3]) if kind.levels else ""}
    if kind.family == Family.TRAINING:
        found["hours"] = draw.choice((24, 40, 64, 80))
    if kind.family == Family.CONTEST:
        body = kind.consortium
        found["event_zh"] = DATA["contest_zh"].format(body=body.short_name_zh)
        found["event_en"] = DATA["contest_en"].format(body=body.name_en)
    return found


def add_issued(kind: Kind, people: list[Person], on: date, officer: User, draw: Random) -> None:
    details = [detail(kind, draw) for _person in people]
    numbers = take_numbers(kind, [one["level"] for one in details], on.year)
    Certificate.objects.bulk_create(
        Certificate(
            consortium=kind.consortium,
            kind=kind,
            family=kind.family,
            number=number,
            person=person,
            name=person.name,
            earned_on=on - timedelta(days=20),
            issued_on=on,
            expires_on=services.last_day(kind, on),
            issued_by=officer,
            **facts,
        )
        for person, number, facts in zip(people, numbers, details, strict=True)
    )


def end_two(kind: Kind, officer: User) -> None:
    """One was revoked, and one corrected."""
    first, second = kind.certificates.order_by("pk")[:2]
    services.revoke(first, reason="经查实，考试中存在作弊行为。", by=officer)
    services.correct(second, reason="姓名用字有误，予以更正。", by=officer)


def add_own(kind: Kind, school: Organisation, officer: User, today: date) -> None:
    """Of the student whose account the demo offers, issued with everything that belongs to it."""
    student = school.students.exclude(user=None).select_related("person").order_by("pk").first()
    if student:
        holder = services.Holder(student.person, earned_on=today - timedelta(days=9), hours=40)  # type: ignore[arg-type]
        services.issue(kind, [holder], by=officer, on=today - timedelta(days=3))


def add_lists(
    kinds: list[Kind], people: list[Person], drafter: User, today: date, draw: Random
) -> None:
    """One list in publicity, one whose days are over, one in draft."""
    skill, _training, x_kind, contest, _teacher = kinds
    since = today - timedelta(days=2)
    last = max(working_day(since, skill.publicity_days), today + timedelta(days=1))
    shown: dict[str, Any] = {"public_from": since, "public_until": last}
    over = today - timedelta(days=12)
    ended: dict[str, Any] = {"public_from": over, "public_until": over + timedelta(days=9)}
    by: dict[str, Any] = {"drafter": drafter, "draw": draw}
    add_list(skill, "职业技能等级认定拟发证名单", "publicity", people, **by, **shown)
    add_list(x_kind, "1+X考核拟发证名单", "publicity", people, **by, **ended)
    add_list(contest, "技能竞赛拟获奖名单", "draft", people, **by)


def add_list(  # noqa: PLR0913  a list is that much
    kind: Kind,
    title: str,
    state: str,
    people: list[Person],
    *,
    drafter: User,
    draw: Random,
    **days: date,
) -> None:
    batch = Batch.objects.create(
        consortium=kind.consortium, kind=kind, title_zh=title, by=drafter, state=state, **days
    )
    on = batch.drafted_at.date() - timedelta(days=15)
    chosen = draw.sample(people, min(LISTED, len(people)))
    Candidate.objects.bulk_create(
        Candidate(batch=batch, person=person, family=kind.family, on=on, **detail(kind, draw))
        for person in chosen
    )
