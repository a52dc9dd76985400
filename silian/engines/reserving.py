"""Places of a seat that are kept for some students first, as a market that ``matching`` can solve.

A seat is cut into parts: its reserves in their published order, then what is open. Everybody who
wishes for the seat wishes for its parts in that one order, one after the other. Each part orders
students by one list of its own, so deferred acceptance on the parts stays stable, best for
students and strategy-proof (slot-specific priorities: Kominers and Sönmez, 2016). A soft reserve
takes its own first and others after them; a hard one takes only its own.
"""

from dataclasses import dataclass

import numpy as np

from silian.engines.matching import INELIGIBLE, Ints

OPEN_PART = -1  # in ``Parts.reserve``


@dataclass(frozen=True, eq=False)
class Parts:
    """The q parts of m seats, seat by seat in the order in which they are asked."""

    seats: Ints  # (q,) the seat each part belongs to
    reserves: Ints  # (q,) which reserve it is, or OPEN_PART
    quotas: Ints  # (q,)
    first: Ints  # (m + 1,) where each seat's parts begin


@dataclass(frozen=True, eq=False)
class Split:
    """Every wish as one edge for each part of its seat."""

    wishes: Ints  # (E',) the wish an edge comes from
    parts: Ints  # (E',)
    offsets: Ints  # (n + 1,) where each student's edges begin


def divide(quotas: Ints, reserve_seats: Ints, reserve_places: Ints) -> Parts:
    """Cut seats into parts; reserves come in the order of their numbers.

    Reserves beyond a seat's quota get what is left of it, so a closed seat has only empty parts.
    """
    count = len(quotas)
    seats = np.concatenate([reserve_seats, np.arange(count)]).astype(np.int64)
    reserves = np.concatenate([np.arange(len(reserve_seats)), np.full(count, OPEN_PART)])
    order = np.lexsort((np.where(reserves < 0, len(reserve_seats), reserves), seats))
    seats, reserves = seats[order], reserves[order]
    asked = np.append(reserve_places, 0)[reserves].astype(np.int64)  # the open part asks for none
    first = np.searchsorted(seats, np.arange(count + 1))
    before = np.cumsum(asked) - asked
    before -= before[first[seats]]
    room = np.maximum(quotas[seats] - before, 0)
    return Parts(seats, reserves, np.where(reserves < 0, room, np.minimum(asked, room)), first)


def split_wishes(parts: Parts, positions: Ints, offsets: Ints) -> Split:
    """Turn the wishes for seats, student by student, into edges to their parts."""
    widths = np.diff(parts.first)[positions]
    wishes = np.repeat(np.arange(len(positions)), widths)
    starts = np.append(0, np.cumsum(widths))
    within = np.arange(len(wishes)) - starts[wishes]
    return Split(wishes, parts.first[positions[wishes]] + within, starts[offsets])


def place_tiers(ranks: Ints, tiers: Ints) -> tuple[Ints, int]:
    """Put ``tiers`` (0 comes first) before ``ranks`` (negative: unranked, after all ranked).

    Returns ranks that ``priority_classes`` takes, none negative, and the number that one tier
    stands for: ranks // that number is the tier again. Without tiers, the ranks as they are.
    """
    unranked = int(ranks.max(initial=-1)) + 1
    width = unranked + 1
    if not tiers.any():
        return ranks, width
    return tiers * width + np.where(ranks < 0, unranked, ranks), width


def close_hard(priorities: Ints, outsiders: Ints) -> None:
    """Mark the edges of those for whom a hard reserve is closed."""
    priorities[outsiders] = INELIGIBLE
