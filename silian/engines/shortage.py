"""How short people of one occupation are, from 0 to 1, by a formula that is data.

Each dimension is a figure that a line between ``low`` and ``high`` turns into a score from 0 to 1.
The index is their weighted mean. A dimension that is not known is left out and the others are
weighted anew; where too little is known, or the one that is required, there is no index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

NONE = 0  # level of an occupation that is not short


@dataclass(frozen=True)
class Dimension:
    """One side of being short. ``low`` scores 0, ``high`` scores 1."""

    key: str
    weight: float
    low: float
    high: float
    required: bool = False

    def score(self, value: float) -> float:
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True)
class Formula:
    """Dimensions whose weights sum to 1; where stars and levels begin, from the lowest."""

    version: str
    dimensions: tuple[Dimension, ...]
    stars: tuple[float, ...]  # from which index on there are two, three, four, five
    levels: tuple[float, ...]  # from which index on it is mild, moderate, severe
    least_known: float = 0.6  # of the weights

    def __post_init__(self) -> None:
        if abs(sum(one.weight for one in self.dimensions) - 1) > 1e-9:
            raise ValueError("the weights do not sum to 1")
        if any(one.high <= one.low or one.weight < 0 for one in self.dimensions):
            raise ValueError("a dimension does not rise")
        if list(self.stars) != sorted(self.stars) or list(self.levels) != sorted(self.levels):
            raise ValueError("the steps do not rise")


@dataclass(frozen=True)
class Part:
    """What one dimension gave: its figure, its score, its weight after others were left out."""

    key: str
    value: float | None
    score: float | None
    weight: float


@dataclass(frozen=True)
class Index:
    """The result with its working. ``value`` is None where too little is known."""

    value: float | None
    parts: tuple[Part, ...]
    stars: int = 0
    level: int = NONE
    missing: tuple[str, ...] = field(default=())


def index(values: Mapping[str, float | None], formula: Formula) -> Index:
    """How short an occupation is that has these figures."""
    known = [one for one in formula.dimensions if values.get(one.key) is not None]
    weight = sum(one.weight for one in known)
    parts = tuple(_part(one, values.get(one.key), weight) for one in formula.dimensions)
    missing = tuple(part.key for part in parts if part.score is None)
    required = {one.key for one in formula.dimensions if one.required}
    if weight < formula.least_known - 1e-9 or required & set(missing):
        return Index(None, parts, missing=missing)
    value = sum(part.weight * part.score for part in parts if part.score is not None)
    value = round(min(value, 1.0), 9)
    return Index(value, parts, stars_of(value, formula), level_of(value, formula), missing)


def stars_of(value: float, formula: Formula) -> int:
    return 1 + _steps(value, formula.stars)


def level_of(value: float, formula: Formula) -> int:
    """0 not short, 1 mild, 2 moderate, 3 severe."""
    return _steps(value, formula.levels)


def demand_per_graduate(demand: float, graduates: float | None) -> float | None:
    """How many people are asked for each graduate; without graduates, for one."""
    return None if graduates is None else demand / max(graduates, 1.0)


def _part(one: Dimension, value: float | None, known: float) -> Part:
    if value is None:
        return Part(one.key, None, None, 0.0)
    return Part(one.key, value, one.score(value), one.weight / known if known else 0.0)


def _steps(value: float, steps: Sequence[float]) -> int:
    return sum(value >= step for step in steps)
