"""The demo's item banks: good questions, and calculations whose numbers are worked out anew."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import pi
from pathlib import Path
from typing import Any

from silian.demo.cast.founding import Founded, code
from silian.education.banks.models import Bank, Seat
from silian.education.items.models import Comment, Item, Tested, Version
from silian.education.questions import building
from silian.education.questions.building import Asked
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList

FACTS = tomllib.loads((Path(__file__).parent / "data" / "items.toml").read_text())
BODIES = {  # bank and occupations of those bodies that have one
    "mingshui": (
        "装备制造职业技能题库",
        "Skills of equipment making",
        ("cnc", "electrician", "robot"),
    ),
    "chongqing-bio": ("生物医药职业技能题库", "Skills of biomedicine", ("pharma", "electrician")),
}
State = Version.State
LEVELS = {1: "5", 2: "4", 3: "3", 4: "3", 5: "2"}  # a harder item belongs to a higher level
PLACES = (("保留一位", 1), ("保留两位", 2))  # how exactly a calculation asks
Calculation = tuple[str, str, list[tuple[float, ...]], Callable[..., float], str]
CALCULATIONS: dict[str, list[Calculation]] = {
    "cnc": [
        (
            "用直径{0:g} mm的铣刀以{1:g} m/min的切削速度加工，主轴转速约为多少r/min？（取整数）",
            "铣削加工",
            [(d, v) for d in (6, 8, 10, 12, 16, 20) for v in (50, 60, 80, 110, 140)],
            lambda d, v: 1000 * v / (pi * d),
            "r/min",
        ),
        (
            "{0:g}齿铣刀每齿进给量0.{1:02.0f} mm，转速{2:g} r/min，进给速度是多少mm/min?",
            "切削刀具",
            [(z, f, n) for z in (2, 4) for f in (5, 8, 10) for n in (800, 1200)],
            lambda z, f, n: z * f / 100 * n,
            "mm/min",
        ),
        (
            "孔的尺寸为φ{0:g}(+0.0{1:.0f}/0)，轴为φ{0:g}(−0.0{2:.0f}/−0.0{3:.0f})，最大间隙是多少μm?",
            "公差配合",
            [
                (d, h, s, t)
                for d, h in ((20, 21), (30, 25), (50, 30))
                for s, t in ((10, 29), (20, 41))
            ],
            lambda d, h, s, t: h + t,
            "μm",
        ),
    ],
    "electrician": [
        (
            "{0:g} Ω电阻两端加{1:g} V直流电压，通过的电流是多少A?（保留两位小数）",
            "电气识图",
            [(r, u) for r in (12, 25, 40, 60, 75, 90) for u in (24, 36, 48, 110, 220)],
            lambda r, u: u / r,
            "A",
        ),
        (
            "一台{0:g} kW三相电动机，线电压380 V，功率因数0.{1:.0f}，效率0.9，额定电流约多少A?"
            "（保留一位小数）",
            "电气控制",
            [(p, c) for p in (4, 5.5, 7.5, 11, 15, 18.5, 22) for c in (80, 85)],
            lambda p, c: 1000 * p / (3**0.5 * 380 * c / 100 * 0.9),
            "A",
        ),
    ],
    "robot": [
        (
            "搬运一件用时{0:g} s，每班{1:g} h，利用率{2:g}%，一班最多搬运多少件？（取整数）",
            "精益生产",
            [(t, h, u) for t in (12, 15, 20) for h in (8, 10) for u in (80, 90)],
            lambda t, h, u: int(h * 3600 * u / 100 / t),
            "件",
        ),
    ],
    "pharma": [
        (
            "每片含主药{0:g} mg，生产{1:g}万片，投料折干含量{2:g}%，应投原料多少kg？"
            "（保留两位小数）",
            "药物制剂工艺",
            [(m, n, c) for m in (25, 50, 100, 250) for n in (10, 15, 20) for c in (97, 98, 99)],
            lambda m, n, c: m * n * 10000 / 1e6 / (c / 100),
            "kg",
        ),
        (
            "将{0:g}%的乙醇稀释成{1:g}%的乙醇{2:g} mL，需要浓溶液多少mL？（保留一位小数）",
            "化学分析",
            [(a, b, v) for a in (95, 90) for b in (75, 70, 50) for v in (500, 1000)],
            lambda a, b, v: b * v / a,
            "mL",
        ),
    ],
}


def add_items(body: Founded, now: datetime) -> Bank | None:
    """The bank of a body with its people; most of its items are approved."""
    known = BODIES.get(body.consortium.slug)
    if not known:
        return None
    zh, en, occupations = known
    bank = Bank.objects.create(consortium=body.consortium, name_zh=zh, name_en=en)
    author, reviewer = seat_people(bank, body)
    entries = [
        (occupation, *fact)
        for name in occupations
        for occupation in [code(CodeList.Kind.OCCUPATION, FACTS["occupations"][name])]
        for fact in told(name)
    ]
    items = Item.objects.bulk_create(
        Item(bank=bank, number=n, occupation=occupation, level=level, difficulty=difficulty)
        for n, (occupation, _asked, level, difficulty, _skill, _why) in enumerate(entries, 1)
    )
    skills = {skill.name_zh: skill for skill in Skill.objects.all()}
    Tested.objects.bulk_create(
        Tested(item=item, skill=skills[entry[4]])
        for item, entry in zip(items, entries, strict=True)
        if entry[4] in skills
    )
    Version.objects.bulk_create(
        version_of(item, place, entry[1], entry[5], author, reviewer, now)
        for place, (item, entry) in enumerate(zip(items, entries, strict=True))
    )
    comment(bank, reviewer, now)
    return bank


def seat_people(bank: Bank, body: Founded) -> tuple[User, User]:
    """The school's people write, an enterprise's review, and both sides set papers."""
    names = [f"{word}.{body.consortium.slug}" for word in ("teacher", "school", "enterprise")]
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    author, setter, reviewer = (people[name] for name in names)
    part = Seat.Part
    seats = [(author, part.AUTHOR), (setter, part.AUTHOR), (setter, part.SETTER)]
    seats += [(reviewer, part.REVIEWER), (reviewer, part.SETTER), (setter, part.REVIEWER)]
    Seat.objects.bulk_create(Seat(bank=bank, user=user, part=part) for user, part in seats)
    return author, reviewer


def version_of(  # noqa: PLR0913, PLR0917  all that a row says
    item: Item, place: int, asked: Asked, why: str, author: User, reviewer: User, now: datetime
) -> Version:
    """Most were approved half a year ago; some wait, some are drafts."""
    done = now - timedelta(days=180)
    state = State.REVIEW if place % 23 == 4 else State.DRAFT if place % 41 == 7 else State.APPROVED
    approved = {"reviewed_by": reviewer, "reviewed_at": done} if state == State.APPROVED else {}
    return Version(
        item=item,
        kind=asked[0]["kind"],
        content=asked[0],
        key=asked[1],
        text=building.plain(asked[0]),
        explanation_zh=why,
        state=state,
        by=author,
        at=done - timedelta(days=20),
        **approved,
    )


def comment(bank: Bank, reviewer: User, now: datetime) -> None:
    """Two drafts came back."""
    drafts = Version.objects.filter(item__bank=bank, state=State.DRAFT).order_by("pk")
    Comment.objects.bulk_create(
        Comment(version=draft, text="题干请写明计算精度，并补充单位。", by=reviewer, at=now)
        for draft in drafts[:2]
    )


def told(name: str) -> Iterator[tuple[Asked, str, int, str, str]]:
    """Question, level, difficulty, skill and explanation of each item of an occupation."""
    for fact in FACTS[name]:
        yield asked(fact), LEVELS[fact["d"]], fact["d"], fact["s"], fact.get("e", "")
    for text, skill, rows, formula, unit in CALCULATIONS[name]:
        for place, row in enumerate(rows):
            value = formula(*row)
            places = next((n for words, n in PLACES if words in text), 0)
            unit_of_last = Decimal(1).scaleb(-places)
            exact = Decimal(value).quantize(unit_of_last, ROUND_HALF_UP)
            tolerance = "0" if value == int(value) else f"{unit_of_last}"
            question = building.measuring((text.format(*row), ""), f"{exact}", tolerance, unit)
            yield question, "3", 2 + place % 3, skill, ""


def asked(fact: dict[str, Any]) -> Asked:
    """A question from the way the data writes it."""
    kind, text = fact["k"], (fact["t"], "")
    choices = fact.get("c", [])
    if kind in ("single", "multiple"):
        marked = [((one.removeprefix("*"), ""), one.startswith("*")) for one in choices]
        return building.choosing(kind, text, marked)
    if kind == "match":
        pairs = [[part.strip() for part in one.split("=>")] for one in choices]
        good = [((left, ""), (right, "")) for left, right in pairs if left]
        return building.matching(text, good, [(right, "") for left, right in pairs if not left])
    makers: dict[str, Callable[[], Asked]] = {
        "truefalse": lambda: building.judging(text, fact["r"]),
        "blank": lambda: building.filling(text, fact["b"]),
        "order": lambda: building.ordering(text, [(one, "") for one in choices]),
        "number": lambda: building.measuring(text, *fact["n"]),
        "short": lambda: building.answering(text, fact["a"]),
        "essay": lambda: building.writing(text),
        "case": lambda: building.case(text, [asked(part) for part in fact["parts"]]),
    }
    return makers[kind]()
