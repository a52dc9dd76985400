"""The demo's bodies at every stage: applied for, planned, running with plans and grades, ending."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.utils.timezone import make_aware

from silian.demo.cast.founding import Founded
from silian.demo.cast.invention import Inventor
from silian.governance.appraisals.models import Item, Mark, Renewal, Year
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodies.services import term_after
from silian.governance.bodykinds.models import Grade, Kind
from silian.governance.bodykinds.services import ship_kinds
from silian.governance.members.models import Organisation
from silian.governance.plaques.models import Plaque
from silian.governance.plaques.services import numbering_of
from silian.governance.proposals.models import Opinion
from silian.kernel.accounts.models import User

KINDS = tomllib.loads((Path(__file__).parent / "data" / "bodies.toml").read_text())
STAGES = {"accepted": Body.State.PLANNED}  # other stages bear the name of their state
# How well a body reaches its targets, and the grade that this earns.
EFFORTS = {"优秀": (1.0, 1.25), "合格": (0.8, 1.05), "不合格": (0.2, 0.55)}
WHY = {
    "优秀": "目标全部完成，成果有企业应用证明，示范作用明显。",
    "合格": "主要目标完成，个别项目进度偏慢，建议下一年度加强过程管理。",
    "不合格": "多数目标未完成，例会和档案不全，请依托单位限期整改。",
}


@dataclass
class Cast:
    """What one consortium's bodies are made with; dice of its own keep other rows as they are."""

    body: Founded
    today: date
    draw: Random
    inventor: Inventor
    secretary: User
    expert: User

    def at(self, day: date) -> datetime:
        """Ten in the morning of that day, but never in the future."""
        return make_aware(datetime.combine(min(day, self.today), time(10)))


def add_bodies(body: Founded, today: date) -> None:
    """The bodies that the data of a consortium names, with people, years and terms."""
    ship_kinds()
    slug = body.consortium.slug
    users = {u.username: u for u in User.objects.filter(username__endswith=f".{slug}")}
    who = (users[f"secretary.{slug}"], users[f"expert.{slug}"])
    cast = Cast(body, today, Random(slug), Inventor(sum(slug.encode())), *who)  # noqa: S311
    for fact in body.facts.get("bodies", []):
        add_body(cast, **fact)


def add_body(cast: Cast, *, story: str = "", opinion: str = "", **fact: Any) -> None:
    units = {unit.name_zh: unit for unit in cast.body.units}
    clusters = {cluster.name_zh: cluster for cluster in cast.body.consortium.clusters.all()}
    founded, stage = fact.pop("founded", False), fact.pop("stage", "")
    builders = [units[name] for name in fact.pop("co_builders", [])]
    kind = Kind.objects.get(code=fact.pop("kind"))
    row = Body(
        consortium=cast.body.consortium,
        kind=kind,
        host=units.get(fact.pop("host", "")),
        cluster=clusters.get(fact.pop("cluster", "")),
        state=STAGES.get(stage) or stage or (Body.State.RUNNING if founded else Body.State.PLANNED),
        **fact,
    )
    if founded:
        row.founded_on, row.expires_on = cast.body.day, term_end(cast, row, story)
        row.rules_zh, row.rules_en = KINDS["rules"].strip(), KINDS["rules_en"].strip()
    if stage and row.host:
        row.applied_by = row.host.roles.get(kind="manager").user
        row.applied_at = None if stage == "draft" else cast.at(cast.today - timedelta(days=6))
    row.save()
    row.co_builders.set(builders)
    if opinion:
        at = cast.at(cast.today - timedelta(days=2))
        Opinion.objects.create(body=row, reviewer=cast.expert, view="accept", reason=opinion, at=at)
    if stage != "draft":
        add_people(cast, row, builders)
    if founded:
        add_history(cast, row, story)


def term_end(cast: Cast, row: Body, story: str) -> date:
    """The end of the term that runs today; two stations' terms run out soon."""
    soon = {"expiring": 40, "asked": 60}
    if story in soon:
        return cast.today + timedelta(days=soon[story])
    end = term_after(row, cast.body.day)
    while end <= cast.today + timedelta(days=row.kind.warning_days):
        end = term_after(row, end)
    return end


# --- people -----------------------------------------------------------------------------


def add_people(cast: Cast, row: Body, builders: list[Organisation]) -> None:
    """Committees draw people from many units, a station from its host and its school."""
    facts = KINDS[row.kind.code]
    start = row.founded_on or cast.today - timedelta(days=7)
    near = [unit for unit in (row.host, *builders) if unit]
    far = cast.body.of_kind("university", "college", "enterprise", "institute")
    places = near + (cast.draw.sample(far, k=min(8, len(far))) if facts["mixed"] else [])
    roles = {role.name_zh: role for role in row.kind.roles.all()}
    serial = 0
    for name, count in facts["people"].items():
        for _ in range(count):
            serial += 1
            Appointment.objects.create(
                body=row,
                role=roles[name],
                sole=roles[name].sole,
                name=cast.inventor.person(),
                organisation=place_of(cast, name, near, places, first=serial == 1),
                title=cast.draw.choice(KINDS["titles"]),
                start=start,
                end=row.expires_on,
                letter_number=f"聘字〔{start.year}〕{row.pk}-{serial:02}号"
                if row.founded_on
                else "",
                hidden=facts["mixed"] and serial == 6,
            )
    if row.founded_on and facts["mixed"]:
        add_former(cast, row, roles)


OF_SCHOOLS = ("博士", "学校联络员", "专业教师")  # whom a co-building school sends


def place_of(
    cast: Cast, role: str, near: list[Organisation], places: list[Organisation], *, first: bool
) -> Organisation:
    """Whoever leads comes from the host, a teacher from a co-builder."""
    if near and first:
        return near[0]
    return near[-1] if near and role in OF_SCHOOLS else cast.draw.choice(places)


def add_former(cast: Cast, row: Body, roles: dict[str, Any]) -> None:
    """Somebody who served for a while, so that the history is not empty."""
    start = row.founded_on or cast.today
    end = min(start + timedelta(days=300), cast.today - timedelta(days=5))
    if end > start:
        Appointment.objects.create(
            body=row,
            role=next(role for role in roles.values() if not role.sole),
            name=cast.inventor.person(),
            organisation=row.host,
            title=cast.draw.choice(KINDS["titles"]),
            start=start,
            end=end,
            left_why="工作调动",
        )


# --- years and terms --------------------------------------------------------------------


def add_history(cast: Cast, row: Body, story: str) -> None:
    """The plaque, and each year since the founding; at most the last three."""
    if row.host:
        row.plaque = plaque_of(cast, row, row.host)
        row.save(update_fields=["plaque"])
    first = max(cast.body.day.year, cast.today.year - 2)
    grades = {grade.name_zh: grade for grade in row.kind.grades.all()}
    for number in range(first, cast.today.year + 1):
        add_year(cast, row, number, story, grades)
    first_end = term_after(row, cast.body.day)
    if first_end <= cast.today and row.expires_on and story not in ("expiring", "asked"):
        add_renewal(cast, row, row.expires_on, first_end - timedelta(days=30), granted=True)
    if story == "asked" and row.expires_on:
        asked = cast.today - timedelta(days=3)
        add_renewal(cast, row, term_after(row, row.expires_on), asked, granted=False)


def plaque_of(cast: Cast, row: Body, host: Organisation) -> Plaque:
    """The next plaque of the founding day, after those of the council units."""
    consortium, day = cast.body.consortium, cast.body.day
    return Plaque.objects.create(
        consortium=consortium,
        organisation=host,
        number=numbering_of(consortium).number(day.year, consortium.plaques.count() + 1),
        inscription_zh=f"{consortium.name_zh} {row.name_zh}",
        inscription_en=f"{consortium.name_en}: {row.name_en}",
        issued_on=day,
    )


def add_year(cast: Cast, row: Body, number: int, story: str, grades: dict[str, Grade]) -> None:
    """A past year is appraised, or waits for it; the year that runs has its plan."""
    facts, past = KINDS[row.kind.code], number < cast.today.year
    begun = max(date(number, 1, 20), (row.founded_on or cast.today) + timedelta(days=20))
    word = "不合格" if story == "failing" else cast.draw.choice(["优秀", "合格", "合格"])
    waits = story == "waiting" and number == cast.today.year - 1
    values: dict[str, Any] = {"state": Year.State.PLANNED, "planned_at": cast.at(begun)}
    if past:
        values |= {"state": Year.State.REPORTED, "reported_at": cast.at(date(number, 12, 22))}
        values["result"] = "年度计划执行情况如下表，主要成果已在依托单位公示。"
    if past and not waits:
        values |= {"state": Year.State.APPRAISED, "grade": grades[word], "reasons": WHY[word]}
        values["score"] = {"优秀": 93, "合格": 81, "不合格": 52}[word] + cast.draw.randint(-3, 3)
        values["appraised_at"] = cast.at(date(number + 1, 2, 25))
    year = Year.objects.create(body=row, year=number, aims=facts["aims"], **values)
    for what, owner, due, target, unit in facts["items"]:
        reached = round(target * cast.draw.uniform(*EFFORTS[word])) if past else None
        day = date(number, *map(int, due.split("-")))
        values = {"what": what, "owner": owner, "due": day, "target": target, "unit": unit}
        Item.objects.create(year=year, reached=reached, **values)
    if waits:
        Mark.objects.create(
            year=year,
            reviewer=cast.expert,
            score=86,
            reason="成果扎实，建议评为合格以上。",
            at=cast.at(cast.today - timedelta(days=4)),
        )


def add_renewal(cast: Cast, row: Body, until: date, asked: date, *, granted: bool) -> None:
    asker = row.host.roles.get(kind="manager").user if row.host else cast.secretary
    facts: dict[str, Any] = {"state": Renewal.State.ASKED}
    if granted:
        answer = {"answer": "同意续期。", "decided_at": cast.at(asked + timedelta(days=14))}
        facts = {"state": Renewal.State.GRANTED, **answer}
    Renewal.objects.create(
        body=row,
        until=until,
        account="任期内完成年度计划，培养人才和服务企业成效较好。",
        aims="下一任期继续围绕重点任务，扩大共建范围。",
        asked_by=asker,
        asked_at=cast.at(asked),
        **facts,
    )
