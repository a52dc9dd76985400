"""Figures of an appraisal; of organisations only where nobody can be told from them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from silian.education.results.models import Outcome
from silian.education.schemes.levels import PartKind
from silian.engines.disclosure import Sum, unsaid

FEW = 5  # people; fewer are not told


@dataclass(frozen=True)
class PartFigure:
    label: str
    taken: int
    passed: int
    mean: float | None

    @property
    def rate(self) -> int:
        return round(self.passed * 100 / self.taken) if self.taken else 0


@dataclass(frozen=True)
class SideFigure:
    """An organisation's people; None where it stays unsaid."""

    name: str
    people: int | None
    passed: int | None


def parts_of(outcomes: Sequence[Outcome]) -> list[PartFigure]:
    """How each part went, of those who took it in this appraisal; nothing where they are few."""
    taken: dict[str, list[dict[str, Any]]] = {}
    for outcome in outcomes:
        for one in outcome.parts:
            if not one["earlier"]:
                taken.setdefault(one["part"], []).append(one)
    return [
        PartFigure(
            label=str(PartKind(part).label),
            taken=len(rows),
            passed=sum(row["came"] == "passed" for row in rows),
            mean=_mean([float(row["points"]) for row in rows if row["points"] is not None]),
        )
        for part, rows in sorted(taken.items(), key=lambda pair: PartKind.values.index(pair[0]))
        if len(rows) >= FEW
    ]


def _mean(points: Sequence[float]) -> float | None:
    return round(sum(points) / len(points), 1) if points else None


def sides_of(outcomes: Sequence[Outcome], alone: str) -> list[SideFigure]:
    """People and passes by organisation; ``alone`` names those who entered by themselves.

    The totals of the appraisal are public, so that a cell that could be worked out from them stays
    unsaid too.
    """
    people: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for outcome in outcomes:
        side = outcome.entry.organisation
        name = side.name if side else alone
        people[name] += 1
        passed[name] += outcome.passed
    names = sorted(people)
    hidden = _hidden([(people[name], passed[name]) for name in names])
    return [
        SideFigure(
            name,
            None if hidden[3 * at] else people[name],
            None if hidden[3 * at + 1] or hidden[3 * at + 2] else passed[name],
        )
        for at, name in enumerate(names)
    ]


def _hidden(sides: Sequence[tuple[int, int]]) -> Sequence[bool]:
    """Cells: of each side its people, who passed, who did not; then the three totals."""
    cells = [(n, ok, n - ok) for n, ok in sides]
    totals = [sum(column) for column in zip(*cells, strict=True)]
    counts = np.array([one for cell in cells for one in cell] + totals, np.int64)
    size = len(counts)
    sums = [Sum(3 * at, (3 * at + 1, 3 * at + 2)) for at in range(len(cells))]
    for column in range(3):
        sums.append(Sum(size - 3 + column, tuple(range(column, size - 3, 3))))
    public = np.zeros(size, np.bool_)
    public[size - 3 :] = True
    return [bool(one) for one in unsaid(counts, sums, public, FEW)]
