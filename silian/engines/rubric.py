"""What examiners' sheets come to: points of each criterion, of a turn, of a whole practical exam.

Points are decimals, never floats. Means and weighted totals have two places and are rounded half
up, as people do on paper.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

STEP = Decimal("0.5")  # in which judged points are given
CENT = Decimal("0.01")
MOST = Decimal(10) ** 8  # no measurement is larger


class BadResponse(ValueError):
    """This is no answer to the criterion."""


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric: "judged", "checked" or "measured"."""

    key: int
    kind: str
    points: Decimal
    critical: bool = False
    nominal: Decimal = Decimal(0)
    below: Decimal = Decimal(0)
    above: Decimal = Decimal(0)


@dataclass(frozen=True)
class Mark:
    """What a criterion brought; ``passed`` is None where points are judged."""

    points: Decimal
    passed: bool | None = None


def mark(criterion: Criterion, response: Any) -> Mark:
    """The mark for what an examiner wrote. Raises BadResponse."""
    if criterion.kind == "judged":
        return Mark(_judged(criterion, response))
    passed = response if criterion.kind == "checked" else within(criterion, number(response))
    if not isinstance(passed, bool):
        raise BadResponse(response)
    return Mark(criterion.points if passed else Decimal(0), passed)


def within(criterion: Criterion, measured: Decimal) -> bool:
    """Both limits belong to the tolerance."""
    low, high = criterion.nominal - criterion.below, criterion.nominal + criterion.above
    return low <= measured <= high


def number(said: Any) -> Decimal:
    """A number as it was typed: a text, so that 0.1 stays 0.1. Raises BadResponse."""
    if not isinstance(said, str) or len(said) > 20 or "_" in said:
        raise BadResponse(said)
    try:
        value = Decimal(said)
    except InvalidOperation:
        raise BadResponse(said) from None
    if not value.is_finite() or abs(value) > MOST:
        raise BadResponse(said)
    return value


def _judged(criterion: Criterion, response: Any) -> Decimal:
    """Steps of a half; and all points, whatever those are."""
    points = number(response)
    if not 0 <= points <= criterion.points or (points % STEP and points != criterion.points):
        raise BadResponse(response)
    return points.quantize(CENT)


def rounded(points: Decimal) -> Decimal:
    return points.quantize(CENT, ROUND_HALF_UP)


def mean(totals: Collection[Decimal]) -> Decimal:
    """The points of a panel."""
    return rounded(sum(totals, Decimal(0)) / len(totals))


def apart(totals: Iterable[Decimal]) -> Decimal:
    """How far the highest and the lowest differ."""
    ordered = sorted(totals)
    return ordered[-1] - ordered[0] if ordered else Decimal(0)


def weighted(parts: Iterable[tuple[Decimal, int]]) -> Decimal:
    """Points of 100 from pairs of points and weight."""
    pairs = list(parts)
    weights = sum(weight for _points, weight in pairs)
    return rounded(sum((points * weight for points, weight in pairs), Decimal(0)) / weights)


def majority_failed(failed: Iterable[Collection[int]], sheets: int) -> set[int]:
    """The critical points that more than half of the sheets call failed."""
    return {key for key, count in _counts(failed).items() if 2 * count > sheets}


def evenly_split(failed: Iterable[Collection[int]], sheets: int) -> set[int]:
    """The critical points that exactly half of the sheets call failed: somebody has to decide."""
    return {key for key, count in _counts(failed).items() if 2 * count == sheets}


def _counts(failed: Iterable[Collection[int]]) -> Mapping[int, int]:
    counts: dict[int, int] = {}
    for sheet in failed:
        for key in set(sheet):
            counts[key] = counts.get(key, 0) + 1
    return counts
