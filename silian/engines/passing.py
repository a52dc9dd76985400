"""Who passes an appraisal of skills: each part that is needed for itself, and nothing adds up.

A part that has no mark yet is missing: then nothing is decided, whatever the others say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

FULL = Decimal(100)


class Came(StrEnum):
    """What became of a part."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"  # did not take part: not passed
    MISSING = "missing"


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


class Grade(StrEnum):
    NONE = ""
    GOOD = "good"
    EXCELLENT = "excellent"


@dataclass(frozen=True)
class Part:
    """What a part asks for. A judged one is passed or not and knows no points; one that is not
    needed is told and decides nothing."""

    name: str
    pass_mark: Decimal = Decimal(60)
    judged: bool = False
    needed: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.pass_mark <= FULL:
            raise ValueError(f"{self.name}: a pass mark is between 0 and {FULL}")


@dataclass(frozen=True)
class Rules:
    parts: Sequence[Part]
    good: Decimal | None = None  # the points that each needed part has to reach
    excellent: Decimal | None = None


@dataclass(frozen=True)
class Mark:
    """What somebody achieved in a part: points of 100, or a judgement. ``failed`` is a critical
    point that was failed: the part is then failed, whatever the points."""

    points: Decimal | None = None
    passed: bool | None = None
    failed: bool = False
    absent: bool = False
    earlier: bool = False  # passed in an earlier appraisal: not taken again


@dataclass(frozen=True)
class Taken:
    part: str
    came: Came
    points: Decimal | None = None
    earlier: bool = False


@dataclass(frozen=True)
class Outcome:
    result: Result
    parts: tuple[Taken, ...]
    grade: Grade = Grade.NONE

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(one.part for one in self.parts if one.came == Came.MISSING)


def outcome(rules: Rules, marks: Mapping[str, Mark]) -> Outcome:
    """What ``marks``, by name of the part, come to."""
    taken = tuple(_taken(part, marks.get(part.name, Mark())) for part in rules.parts)
    needed = [one for part, one in zip(rules.parts, taken, strict=True) if part.needed]
    if any(one.came == Came.MISSING for one in needed):
        return Outcome(Result.INCOMPLETE, taken)
    if any(one.came != Came.PASSED for one in needed):
        return Outcome(Result.FAILED, taken)
    return Outcome(Result.PASSED, taken, _grade(rules, needed))


def _taken(part: Part, mark: Mark) -> Taken:
    return Taken(part.name, _came(part, mark), None if part.judged else mark.points, mark.earlier)


def _came(part: Part, mark: Mark) -> Came:
    if mark.earlier:
        return Came.PASSED
    if mark.absent:
        return Came.ABSENT
    if mark.failed:
        return Came.FAILED
    passed = mark.passed if part.judged else _reaches(part, mark.points)
    if passed is None:
        return Came.MISSING
    return Came.PASSED if passed else Came.FAILED


def _reaches(part: Part, points: Decimal | None) -> bool | None:
    return None if points is None else points >= part.pass_mark


def _grade(rules: Rules, needed: Sequence[Taken]) -> Grade:
    """By the lowest points of the needed parts: nothing makes up for a weak one."""
    points = [one.points for one in needed if one.points is not None]
    lowest = min(points, default=None)
    if lowest is None:
        return Grade.NONE
    if rules.excellent is not None and lowest >= rules.excellent:
        return Grade.EXCELLENT
    return Grade.GOOD if rules.good is not None and lowest >= rules.good else Grade.NONE
