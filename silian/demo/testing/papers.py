"""The demo's papers: one by hand that was sat half a year ago, one assembled from a blueprint."""

from decimal import Decimal
from zlib import crc32

from silian.education.banks.models import Bank, Seat
from silian.education.items.models import Version
from silian.education.papers import services
from silian.education.papers.assembly import assemble_paper
from silian.education.papers.models import Blueprint, Cell, Paper
from silian.education.questions.schema import Kind
from silian.kernel.accounts.models import User

WORTH = {Kind.SINGLE: 5, Kind.MULTIPLE: 5, Kind.TRUEFALSE: 2, Kind.NUMBER: 4}
PAST = "2026年上半年中级班"
NEXT = "2026年下半年高级班"


def add_papers(bank: Bank) -> None:
    setter, reviewer = people_of(bank)
    past_paper(bank, setter, reviewer)
    planned(bank, setter)


def people_of(bank: Bank) -> tuple[User, User]:
    seats = bank.seats.select_related("user").order_by("pk")
    setter = seats.filter(part=Seat.Part.SETTER)[0].user
    return setter, seats.filter(part=Seat.Part.REVIEWER)[0].user


def past_paper(bank: Bank, setter: User, reviewer: User) -> Paper:
    """Items of every kind that a machine scores, chosen by hand."""
    versions = bank_items(bank)
    paper = Paper(
        bank=bank,
        title_zh="中级理论知识考试卷（上半年）",
        title_en="Theory paper, level 4, first half of the year",
        occupation=versions[0].item.occupation,
        level="4",
        total=sum(WORTH[Kind(version.kind)] for version in versions),
        group=PAST,
    )
    paper.passing = paper.total * Decimal("0.6")
    services.keep_paper(paper, by=setter)
    for kind, worth in WORTH.items():
        some = [version for version in versions if version.kind == kind]
        label = {"single": "单项选择题", "multiple": "多项选择题", "truefalse": "判断题"}
        section = label.get(kind, "计算题")
        services.add_versions(paper, some, section=section, points=Decimal(worth), by=setter)
    services.hand_in(paper, by=setter)
    services.approve(paper, by=reviewer)
    return paper


def bank_items(bank: Bank) -> list[Version]:
    rows = Version.objects.filter(item__bank=bank, state="approved", kind__in=WORTH)
    found = list(rows.select_related("item__occupation").order_by("item__number"))
    return [one for one in found if one.kind != Kind.NUMBER][:18] + [
        one for one in found if one.kind == Kind.NUMBER
    ][:4]


def answer(version: Version, right: bool, draw: float) -> object:
    """What a candidate chose: the key, or one of the other choices."""
    if version.kind == Kind.TRUEFALSE:
        return version.key == right
    if version.kind == Kind.NUMBER:
        return version.key["value"] if right else "0"
    if version.kind != Kind.SINGLE:
        return list(version.key[: None if right else 1])
    others = [row["id"] for row in version.content["choices"] if row["id"] != version.key]
    return version.key if right else others[int(draw * 1000) % len(others)]


def drawn(seed: str) -> float:
    """A number from 0 to 1 that is the same each time."""
    return crc32(seed.encode()) % 1000 / 1000


def planned(bank: Bank, setter: User) -> None:
    """A blueprint with two forms that wait for approval."""
    occupation = bank_items(bank)[0].item.occupation
    blueprint = Blueprint(
        bank=bank,
        title_zh="高级理论知识考试双向细目表",
        title_en="Blueprint of the theory exam, level 3",
        occupation=occupation,
        level="3",
    )
    cells = [
        Cell(kind=Kind.NUMBER, count=6, points=Decimal(10), easiest=1, hardest=3),
        Cell(kind=Kind.NUMBER, count=4, points=Decimal(10), easiest=3, hardest=5),
    ]
    services.keep_blueprint(blueprint, cells, by=setter)
    paper = Paper(
        bank=bank,
        title_zh="高级理论知识考试卷（下半年）",
        title_en="Theory paper, level 3, second half of the year",
        occupation=occupation,
        level="3",
        blueprint=blueprint,
        group=NEXT,
        passing=60,
    )
    assemble_paper(paper, forms=2, seed="demo", by=setter)
    services.hand_in(paper, by=setter)
