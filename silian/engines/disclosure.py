"""Which numbers of a report must stay unsaid, so that nobody can work a small one out.

A report is cells and sums: each sum says that one cell is what others add up to. A cell that
counts a few people is small and stays unsaid. Where the sums would give it away, alone or together
with each other, further cells stay unsaid until they no longer do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
EPSILON = 1e-6


@dataclass(frozen=True)
class Sum:
    """``whole`` is what ``parts`` add up to; both number cells."""

    whole: int
    parts: tuple[int, ...]

    @property
    def cells(self) -> tuple[int, ...]:
        return (self.whole, *self.parts)


def unsaid(
    counts: Cells, sums: Sequence[Sum], public: Marks, few: int, dear: Marks | None = None
) -> Marks:
    """Which cells stay unsaid: those from 1 to below ``few``, and what would betray them.

    ``public`` marks cells that are known anyway, such as totals, and cannot be kept; ``dear`` those
    that readers need most, which only go where nothing else can.
    """
    hidden = (counts > 0) & (counts < few) & ~public
    price = counts if dear is None else counts + np.where(dear, counts.sum(), 0)
    while True:
        if _cover_each(counts, sums, hidden, public, few, price):
            continue
        if not _cover_all(sums, hidden, public, price):
            return hidden


def worked_out(sums: Sequence[Sum], hidden: Marks) -> Marks:
    """The hidden cells that follow from what is said, by any combination of the sums."""
    number = np.cumsum(hidden) - 1
    telling = [it for it in sums if hidden[list(it.cells)].any()]
    system = np.zeros((len(telling), int(hidden.sum())))
    for row, it in enumerate(telling):
        for cell in it.parts:
            if hidden[cell]:
                system[row, number[cell]] += 1
        if hidden[it.whole]:
            system[row, number[it.whole]] -= 1
    # what is left of a vector of chance that no sum sees is 0 only where the sums say everything
    chance = np.random.default_rng(1).normal(size=system.shape[1])
    seen = system.T @ np.linalg.pinv(system @ system.T, hermitian=True) @ (system @ chance)
    known: Marks = np.zeros(len(hidden), np.bool_)
    known[hidden] = np.abs(chance - seen) < EPSILON
    return known


def _cover_each(  # noqa: PLR0913, PLR0917  the report and what is decided of it so far
    counts: Cells, sums: Sequence[Sum], hidden: Marks, public: Marks, few: int, price: Cells
) -> bool:
    """Hide a cell more in every sum that betrays one by itself; were there any?"""
    weak = (it for it in sums if _betrays(counts, it, hidden, few))
    return _hide(hidden, (_cover(price, [it], hidden | public) for it in weak))


def _cover_all(sums: Sequence[Sum], hidden: Marks, public: Marks, price: Cells) -> bool:
    """The same where only several sums together betray one."""
    known = np.flatnonzero(worked_out(sums, hidden)).tolist() if hidden.any() else list[int]()
    beside = ([it for it in sums if cell in it.cells] for cell in known)
    return _hide(hidden, (_cover(price, them, hidden | public) for them in beside))


def _hide(hidden: Marks, covers: Iterator[int | None]) -> bool:
    found = False
    for cell in covers:  # one by one: each is chosen in sight of those before
        if cell is not None:
            hidden[cell] = found = True
    return found


def _betrays(counts: Cells, one: Sum, hidden: Marks, few: int) -> bool:
    """Does this sum by itself tell a hidden cell, or that those hidden in it are but a few?"""
    parts = [cell for cell in one.parts if hidden[cell]]
    if hidden[one.whole]:
        return not parts
    rest = int(counts[parts].sum())
    return len(parts) == 1 or (len(parts) > 1 and 0 < rest < few)


def _cover(price: Cells, sums: Sequence[Sum], taken: Marks) -> int | None:
    """The cheapest cell to keep beside those hidden; one that counts nobody hides little."""
    free = [cell for it in sums for cell in it.cells if not taken[cell]]
    worth = [cell for cell in free if price[cell]]
    return min(worth or free, key=lambda cell: (int(price[cell]), cell), default=None)
