"""Who is offered a place that becomes free after a result was published.

The place goes to the first in its line who would rather have it than what they hold. That opens
their old place, and so on: the vacancy chain of Blum, Roth and Rothblum (1997), which ends in a
stable matching again and moves nobody to a wish they like less.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from silian.engines.matching import Ints, Market, strict_order


@dataclass(frozen=True)
class Move:
    """A student who moves up to ``wish``, from ``left`` or from having no place (-1)."""

    student: int
    wish: int
    left: int = -1


def fill(market: Market, wishes: Ints, vacancies: Sequence[int], fixed: Ints) -> list[Move]:
    """Return the moves that fill ``vacancies`` (positions), each with its chain, in their order.

    ``wishes`` (n,) is the wish each student holds, -1 for none; ``fixed`` (n,) bool marks students
    who are not asked any more: who gave a place back, or whose place is settled.
    """
    owners = np.repeat(np.arange(len(wishes)), np.diff(market.offsets))
    keys = strict_order(market, owners)
    lines = _lines(market, owners, keys)
    held, moves, open_places = wishes.astype(np.int64), [], list(vacancies)
    while open_places:
        position = open_places.pop(0)
        edge = _first(lines.get(position, ()), owners, market, held, fixed)
        if edge is None:
            continue
        student = int(owners[edge])
        left, wish = int(held[student]), int(edge - market.offsets[student])
        moves.append(Move(student, wish, left))
        if left >= 0:
            open_places.append(int(market.positions[market.offsets[student] + left]))
        held[student] = wish
    return moves


def _lines(market: Market, owners: Ints, keys: Ints) -> dict[int, Ints]:
    """The eligible edges of each position, the best claim first."""
    edges = np.flatnonzero(keys >= 0)
    edges = edges[np.lexsort((keys[edges], market.positions[edges]))]
    places, starts = np.unique(market.positions[edges], return_index=True)
    return dict(zip(places.tolist(), np.split(edges, starts[1:]), strict=True))


def _first(
    line: Sequence[int] | Ints, owners: Ints, market: Market, held: Ints, fixed: Ints
) -> int | None:
    """The first in line who is asked and likes the place better than the one they hold."""
    for edge in line:
        student = owners[edge]
        wish = edge - market.offsets[student]
        if not fixed[student] and (held[student] < 0 or wish < held[student]):
            return int(edge)
    return None
