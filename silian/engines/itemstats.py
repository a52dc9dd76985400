"""How the questions of an exam did, from what everybody scored on each.

Sources of the formulas: facility and discrimination after F. M. Lord, M. R. Novick, "Statistical
Theories of Mental Test Scores" (1968), chapter 15; the item is left out of the total it is compared
with (corrected item-total correlation; for right-or-wrong items that is the point-biserial). Upper
and lower groups of 27 % after T. L. Kelley, Journal of Educational Psychology 30 (1939), 17-24.
Reliability after L. J. Cronbach, Psychometrika 16 (1951), 297-334.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

GROUP = 0.27  # of all, at each end
FEWEST = 2  # people; with fewer nothing varies

Matrix = npt.NDArray[np.float64]  # a row a person, a column an item


@dataclass(frozen=True)
class Statistics:
    """One item in one exam."""

    taken: int  # by how many
    facility: float  # mean share of the points, 0 to 1: the higher, the easier
    discrimination: float | None  # -1 to 1; None where nothing varied
    choices: Mapping[str, tuple[int, int, int]]  # answer: by all, by the upper group, by the lower


def statistics_of(
    scores: Sequence[Sequence[float]],
    points: Sequence[float],
    answers: Sequence[Sequence[Any]] | None = None,
) -> list[Statistics]:
    """Each column of ``scores``; ``answers`` are what was chosen: texts, or lists of them."""
    table = _matrix(scores, len(points))
    upper, lower = groups(table)
    return [
        Statistics(
            taken=len(table),
            facility=facility(table[:, n], points[n]),
            discrimination=discrimination(table, n),
            choices=distractors([row[n] for row in answers], upper, lower) if answers else {},
        )
        for n in range(len(points))
    ]


def facility(column: Matrix, points: float) -> float:
    """The mean share of the points that were to be had; 0 where nobody took it."""
    return float(column.mean() / points) if len(column) and points else 0.0


def discrimination(table: Matrix, item: int) -> float | None:
    """How an item goes with the rest of the paper; below 0.2 it should be looked at."""
    column = table[:, item]
    rest = table.sum(axis=1) - column
    if len(table) < FEWEST or np.ptp(column) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.clip(np.corrcoef(column, rest)[0, 1], -1, 1))


def cronbach_alpha(scores: Sequence[Sequence[float]]) -> float | None:
    """How far the items of a paper measure one thing; None where there is nothing to compare."""
    table = _matrix(scores, len(scores[0]) if scores else 0)
    count = table.shape[1]
    if count < FEWEST or len(table) < FEWEST:
        return None
    total = table.sum(axis=1).var(ddof=1)
    if total == 0:
        return None
    return float(count / (count - 1) * (1 - table.var(axis=0, ddof=1).sum() / total))


def groups(table: Matrix) -> tuple[set[int], set[int]]:
    """The best and the last 27 % as row numbers; people of equal score stand as they came."""
    size = max(1, round(len(table) * GROUP)) if len(table) >= FEWEST else 0
    order = np.argsort(-table.sum(axis=1), kind="stable").tolist()
    return set(order[:size]), set(order[len(order) - size :])


def distractors(
    column: Sequence[Any], upper: set[int], lower: set[int]
) -> dict[str, tuple[int, int, int]]:
    """How often each choice was taken; "" counts those who took none."""
    found: dict[str, list[int]] = {}
    for row, answer in enumerate(column):
        for choice in _chosen(answer):
            counts = found.setdefault(choice, [0, 0, 0])
            counts[0] += 1
            counts[1] += row in upper
            counts[2] += row in lower
    return {choice: (n[0], n[1], n[2]) for choice, n in sorted(found.items())}


def _chosen(answer: Any) -> list[str]:
    if isinstance(answer, list):
        return sorted({str(one) for one in answer}) or [""]
    return [""] if answer is None else [str(answer)]


def _matrix(scores: Sequence[Sequence[float]], columns: int) -> Matrix:
    return np.asarray(scores, dtype=np.float64).reshape(len(scores), columns)
