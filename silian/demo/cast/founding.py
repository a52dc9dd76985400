"""From a body's TOML file to its rows: the consortium, its units, bodies and plan."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from silian.demo.cast.invention import SCALES, STAFF, Inventor
from silian.governance.consortia.models import Cluster, Consortium, Figure
from silian.governance.members.models import Membership, Organisation
from silian.governance.plans.models import Target, Task
from silian.governance.plaques.models import Numbering, Plaque
from silian.kernel.codes.models import Code, CodeList

REPORT = "成立报道"  # the article that states the figure
ORDER = ["university", "college", "secondary", "enterprise", "hospital", "institute", "association"]


@dataclass
class Founded:
    """One body as far as it stands, for those who fill it with people and demand."""

    consortium: Consortium
    facts: dict[str, Any]
    day: date  # the day of its founding
    units: list[Organisation] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[Organisation]:
        return [unit for unit in self.units if unit.kind in kinds]


@cache
def code(kind: str, value: str) -> Code:
    return Code.objects.get(list__kind=kind, list__current=True, code=value)


def region(value: str) -> Code:
    return code(CodeList.Kind.REGION, value)


def found(slug: str, facts: dict[str, Any], inventor: Inventor, today: date) -> Founded:
    """Make the rows of one body; organisations that another body has are shared with it."""
    about = facts["consortium"]
    names = {key: about[key].strip() for key in about if key.endswith(("_zh", "_en"))}
    consortium = Consortium.objects.create(
        slug=slug,
        kind=about["kind"],
        region=region(about["region"]),
        founded_on=about["founded_on"],
        **names,
    )
    for order, (zh, en, *above) in enumerate(about["clusters"]):
        parent = consortium.clusters.filter(name_zh__in=above).first()
        Cluster.objects.create(
            consortium=consortium, parent=parent, name_zh=zh, name_en=en, order=order
        )
    body = Founded(consortium, facts, about["founded_on"])
    add_figures(body)
    add_named(body)
    add_invented(body, inventor)
    add_plaques(body)
    add_plan(body, today)
    return body


def add_figures(body: Founded) -> None:
    for order, figure in enumerate(body.facts.get("figures", [])):
        Figure.objects.create(
            consortium=body.consortium,
            source=REPORT,
            as_of=body.day,
            order=order,
            **figure,
        )


def add_named(body: Founded) -> None:
    """The units the article names; a parent may be named after its subsidiary."""
    parents = {}
    for fact in body.facts["members"]:
        place = {key: fact.pop(key) for key in ("part", "grade", "founding") if key in fact}
        parents[fact["name_zh"]] = fact.pop("parent", None)
        admit(body, organisation(fact), **place)
    for fact in body.facts.get("others", []):
        organisation(fact)
    for child, parent in parents.items():
        if parent:
            above = Organisation.objects.get(name_zh=parent)
            Organisation.objects.filter(name_zh=child).update(parent=above)


def organisation(fact: dict[str, Any]) -> Organisation:
    codes = {"region": region(fact.pop("region"))}
    if "industry" in fact:
        codes["industry"] = code(CodeList.Kind.INDUSTRY, fact.pop("industry"))
    name = fact.pop("name_zh")
    return Organisation.objects.get_or_create(name_zh=name, defaults=fact | codes)[0]


def admit(body: Founded, unit: Organisation, **place: Any) -> None:
    Membership.objects.create(
        consortium=body.consortium,
        organisation=unit,
        state=Membership.State.ADMITTED,
        admitted_on=body.day,
        founding=place.pop("founding", True),
        **place,
    )
    body.units.append(unit)


def add_invented(body: Founded, inventor: Inventor) -> None:
    """Units that the article counts without naming them, and enough others for lists to live."""
    about = body.facts["consortium"]
    vice_chairs = about.get("vice_chairs", 0)  # how many of the invented firms
    for kind in ORDER:
        for number in range(about["invented"].get(kind, 0)):
            unit = invent(kind, about, inventor)
            grade = "council" if inventor.random.random() < 0.3 else "member"
            leads = kind == "enterprise" and number < vice_chairs
            admit(body, unit, grade="vice_chair" if leads else grade)


def invent(kind: str, about: dict[str, Any], inventor: Inventor) -> Organisation:
    place = region(inventor.random.choice(about["regions"]))
    short = place.name_zh.removesuffix("区").removesuffix("市")
    zh, en = inventor.organisation(kind, short, about["invented_words"])
    unit = Organisation(kind=kind, name_zh=zh, name_en=en, region=place, invented=True)
    unit.credit_code = inventor.credit_code("91" if kind == "enterprise" else "12", place.code)
    if kind == "enterprise":
        industry = inventor.random.choice(about["invented_industries"])
        unit.industry = code(CodeList.Kind.INDUSTRY, industry)
        unit.scale = inventor.random.choice(SCALES)
        unit.staff_count = STAFF[unit.scale] + inventor.random.randrange(40)
        unit.above_scale = unit.scale in {"large", "medium"}
        unit.integration = "city" if inventor.random.random() < 0.1 else ""
    elif unit.is_school:
        unit.student_count = 1500 + inventor.random.randrange(2500)
    unit.save()
    return unit


def add_plaques(body: Founded) -> None:
    consortium = body.consortium
    prefix = "".join(part[:2] for part in consortium.slug.upper().split("-"))
    numbering = Numbering.objects.create(consortium=consortium, prefix=prefix)
    council = consortium.memberships.exclude(grade="member").exclude(part="guiding")
    Plaque.objects.bulk_create(
        Plaque(
            consortium=consortium,
            organisation=membership.organisation,
            number=numbering.number(body.day.year, serial),
            inscription_zh=f"{consortium.name_zh} {zh_grade(membership)}",
            inscription_en=f"{consortium.name_en}: {membership.grade.replace('_', ' ')} unit",
            issued_on=body.day,
        )
        for serial, membership in enumerate(council.select_related("organisation"), start=1)
    )


def zh_grade(membership: Membership) -> str:
    return {
        "chair": "理事长单位",
        "executive_vice_chair": "常务副理事长单位",
        "vice_chair": "副理事长单位",
        "council": "理事单位",
    }[membership.grade]


def add_plan(body: Founded, today: date) -> None:
    units = {unit.name_zh: unit for unit in body.units}
    tasks = {
        number: Task.objects.create(
            consortium=body.consortium,
            number=number,
            owner=units.get(fact.pop("owner", "")),
            **fact,
        )
        for number, fact in enumerate(body.facts.get("tasks", []), start=1)
    }
    for fact in body.facts.get("targets", []):
        task = tasks[fact.pop("task")]
        Target.objects.create(consortium=body.consortium, task=task, year=today.year, **fact)
