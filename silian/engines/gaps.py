"""What a programme teaches beside what is asked for: covered, thin, missing or surplus.

Each skill weighs as many heads as are wanted where it is asked for. It is covered where it is
taught at the level that at least half of those heads ask for, in at least ``least_hours``; thin
where it is taught below either; missing where nobody teaches it; surplus where nobody asks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

COVERED, THIN, MISSING, SURPLUS = "covered", "thin", "missing", "surplus"
LEAST_HOURS = 8


@dataclass(frozen=True)
class Asked:
    """One posting that asks for one skill."""

    skill: int
    posting: int
    heads: int
    level: int


@dataclass(frozen=True)
class Given:
    """One unit that teaches one skill."""

    skill: int
    unit: int
    hours: int
    level: int


@dataclass(frozen=True)
class Line:
    """How one skill stands."""

    skill: int
    outcome: str
    heads: int
    postings: int
    asked_level: int | None
    taught_level: int | None
    hours: int


@dataclass(frozen=True)
class Gap:
    """All skills, the weightiest first."""

    lines: tuple[Line, ...]

    @property
    def asked_heads(self) -> int:
        return sum(line.heads for line in self.lines)

    @property
    def index(self) -> float | None:
        """The part of what is asked for, in heads, that is covered; None where nothing is asked."""
        covered = sum(line.heads for line in self.lines if line.outcome == COVERED)
        return covered / self.asked_heads if self.asked_heads else None


def compare(
    asked: Iterable[Asked], given: Iterable[Given], *, least_hours: int = LEAST_HOURS
) -> Gap:
    wanted, taught = defaultdict[int, list[Asked]](list), defaultdict[int, list[Given]](list)
    for need in asked:
        wanted[need.skill].append(need)
    for unit in given:
        taught[unit.skill].append(unit)
    lines = [
        _line(skill, wanted.get(skill, []), taught.get(skill, []), least_hours)
        for skill in wanted.keys() | taught.keys()
    ]
    return Gap(tuple(sorted(lines, key=lambda line: (-line.heads, line.skill))))


def _line(skill: int, needs: list[Asked], units: list[Given], least_hours: int) -> Line:
    level = median_level(needs) if needs else None
    mastery = max((unit.level for unit in units), default=None)
    hours = sum(unit.hours for unit in units)
    return Line(
        skill,
        _outcome(level, mastery, hours, least_hours),
        heads=sum(need.heads for need in needs),
        postings=len({need.posting for need in needs}),
        asked_level=level,
        taught_level=mastery,
        hours=hours,
    )


def _outcome(asked: int | None, taught: int | None, hours: int, least_hours: int) -> str:
    if asked is None:
        return SURPLUS
    if taught is None:
        return MISSING
    return COVERED if taught >= asked and hours >= least_hours else THIN


def median_level(needs: Iterable[Asked]) -> int:
    """The highest level that at least half of the heads ask for."""
    ordered = sorted(needs, key=lambda need: -need.level)
    total, seen = sum(need.heads for need in ordered), 0
    for need in ordered:
        seen += need.heads
        if seen * 2 >= total:
            return need.level
    raise ValueError("nobody asks")
