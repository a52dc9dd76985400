"""What rules.toml can ask: each check is a function of plain facts.

It answers the words for the rule's message where the rule is broken, and None where it is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

MOST_NAMED = 8


@dataclass(frozen=True)
class Line:
    """One unit, and what the standard in force of its course says."""

    title: str
    theory: int
    practice: int
    credits: Decimal
    part: str = ""
    elective: bool = False
    skills: int = 0
    course: tuple[int, Decimal] | None = None  # hours and credits of its standard in force

    @property
    def hours(self) -> int:
        return self.theory + self.practice


@dataclass(frozen=True)
class Facts:
    """All that the checks look at."""

    lines: Sequence[Line]
    hours: int | None  # as the edition states them
    credits: Decimal | None
    years: int
    unwritten: Sequence[str]  # names of sections

    @property
    def sum(self) -> int:
        return sum(line.hours for line in self.lines)


Words = dict[str, Any] | None
Check = Callable[[Facts, Mapping[str, Any]], Words]


def sections_written(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _named(facts.unwritten)


def units_entered(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.lines else {}


def hours_add_up(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _differs(facts.hours, facts.sum) if facts.lines else None


def credits_add_up(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    if not facts.lines:
        return None
    total = sum((line.credits for line in facts.lines), Decimal(0))
    return _differs(facts.credits, total)


def hours_a_credit(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    """Blocks of practice are counted by weeks, so they are left out."""
    least, most = parameters["least"], parameters["most"]
    odd = [
        f"{line.title}({line.hours} / {line.credits})"
        for line in facts.lines
        if line.part != "practice"
        and line.hours
        and not (line.credits and least <= line.hours / line.credits <= most)
    ]
    return _named(odd)


def enough_practice(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    practice = sum(line.practice for line in facts.lines)
    wanted = ceil(facts.sum * parameters["percent"] / 100)
    if practice >= wanted:
        return None
    return {"share": _share(practice, facts.sum), "gap": wanted - practice}


def enough_hours(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    if not facts.lines or facts.years != parameters["years"]:
        return None
    gap = parameters["hours"] - facts.sum
    return {"sum": facts.sum, "gap": gap} if gap > 0 else None


def enough_general(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    general = sum(line.hours for line in facts.lines if line.part == "general")
    return _too_few(general, facts.sum, parameters["percent"])


def enough_electives(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    chosen = sum(line.hours for line in facts.lines if line.elective)
    return _too_few(chosen, facts.sum, parameters["percent"])


def courses_agree(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _named(
        [
            f"{line.title}({line.hours} / {line.credits}; {line.course[0]} / {line.course[1]})"
            for line in facts.lines
            if line.course and line.course != (line.hours, line.credits)
        ]
    )


def skills_stated(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _named([line.title for line in facts.lines if not line.skills])


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        sections_written,
        units_entered,
        hours_add_up,
        credits_add_up,
        hours_a_credit,
        enough_practice,
        enough_hours,
        enough_general,
        enough_electives,
        courses_agree,
        skills_stated,
    )
}


def _differs(stated: int | Decimal | None, total: int | Decimal) -> Words:
    """By how much what is stated differs from the sum; nothing stated differs by all of it."""
    if stated == total:
        return None
    gap = total - (stated or 0)
    return {"stated": "–" if stated is None else stated, "sum": total, "gap": f"{gap:+}"}


def _too_few(part: int, whole: int, percent: int) -> Words:
    return None if part * 100 >= whole * percent else {"share": _share(part, whole)}


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0"


def _named(names: Sequence[str]) -> Words:
    if not names:
        return None
    more = "…" if len(names) > MOST_NAMED else ""
    return {"names": "、".join(names[:MOST_NAMED]) + more}
