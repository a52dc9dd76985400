"""From a bank of items and a blueprint to papers: which items, in which form, in which order.

An item can fit several cells of a blueprint, so filling one cell greedily may starve another. Items
are given to cells by augmenting paths (H. W. Kuhn 1955; a bipartite matching with quotas): if there
is a way to fill all cells, one is found, and if there is none, the cells that compete for too few
items are named (P. Hall 1935). Among equal ways the seed decides. Forms that are parallel get the
items of each cell dealt out by difficulty, and are then evened out by exchanging items of one cell.
"""

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
ROUNDS = 500  # of exchanges; each makes the forms more alike
TRIES = 20
SLACK = 1e-12


@dataclass(frozen=True)
class Candidate:
    """An item as assembling sees it."""

    id: int
    kind: str
    difficulty: float  # 0 easy to 1 hard, measured or judged
    skills: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Cell:
    """One line of a blueprint: so many items of this kind, worth so much each."""

    id: int
    count: int
    points: float
    kind: str = ""  # "": any
    skills: frozenset[int] = frozenset()  # any of them; empty: whatever it tests
    easiest: float = 0.0
    hardest: float = 1.0

    def takes(self, item: Candidate) -> bool:
        return (
            self.kind in ("", item.kind)
            and (not self.skills or bool(self.skills & item.skills))
            and self.easiest - SLACK <= item.difficulty <= self.hardest + SLACK
        )


@dataclass(frozen=True)
class Shortage:
    """Cells that compete for fewer items than they need together."""

    cells: tuple[int, ...]
    needed: int
    available: int


@dataclass(frozen=True)
class Assembly:
    """The items of each cell in each form, or why there are none."""

    forms: list[dict[int, list[int]]] = field(default_factory=list)
    difficulties: list[float] = field(default_factory=list)  # mean of each form, by points
    shortage: Shortage | None = None

    @property
    def spread(self) -> float:
        """How far the hardest form is from the easiest."""
        return max(self.difficulties) - min(self.difficulties) if self.difficulties else 0.0


def assemble(  # noqa: PLR0913  each is said by name
    cells: Sequence[Cell],
    bank: Sequence[Candidate],
    *,
    seed: str,
    forms: int = 1,
    excluded: frozenset[int] = frozenset(),
    tolerance: float = 0.02,
) -> Assembly:
    """``forms`` papers that share no item. They are evened out until the means of their
    difficulties differ by at most ``tolerance``, or cannot be brought nearer: ask ``spread``."""
    usable = {item.id: item for item in bank if item.id not in excluded}
    best = Assembly()
    for attempt in range(TRIES):  # another choice may be easier to even out
        found = _assembled(cells, usable, f"{seed}/{attempt}", forms, tolerance)
        if found.shortage or found.spread <= tolerance:
            return found
        best = found if not best.forms or found.spread < best.spread else best
    return best


def _assembled(
    cells: Sequence[Cell], usable: dict[int, Candidate], seed: str, forms: int, tolerance: float
) -> Assembly:
    order = shuffled(sorted(usable), seed)
    fitting = {cell.id: [i for i in order if cell.takes(usable[i])] for cell in cells}
    quota = {cell.id: cell.count * forms for cell in cells}
    chosen, shortage = _give(quota, fitting)
    if shortage:
        return Assembly(shortage=shortage)
    papers = [_dealt(cells, chosen, usable, forms, n) for n in range(forms)]
    _even_out(papers, cells, usable, tolerance)
    means = [mean_difficulty(paper, cells, usable) for paper in papers]
    return Assembly(papers, means)


def mean_difficulty(
    paper: dict[int, list[int]], cells: Sequence[Cell], bank: dict[int, Candidate]
) -> float:
    """The difficulty of a form: of its items, each by its points."""
    total = sum(cell.points * cell.count for cell in cells)
    hard = sum(cell.points * bank[item].difficulty for cell in cells for item in paper[cell.id])
    return hard / total if total else 0.0


def shuffled(ids: Sequence[Key], seed: str) -> list[Key]:
    """``ids`` in an order that seems random and is the same for the same seed, everywhere."""
    return sorted(ids, key=lambda one: (_draw(seed, one), str(one)))


def shuffled_choices(ids: Sequence[str], seed: str, item: int) -> list[str]:
    """The choices of one item as one candidate sees them."""
    return shuffled(ids, f"{seed}/{item}")


def _draw(seed: str, thing: object) -> bytes:
    return hashlib.sha256(f"{seed}:{thing}".encode()).digest()


# --- giving items to cells -------------------------------------------------------------------
def _give(
    quota: dict[int, int], fitting: dict[int, list[int]]
) -> tuple[dict[int, list[int]], Shortage | None]:
    """Items for every cell, no item twice; or a set of cells that cannot all be filled."""
    owner: dict[int, int] = {}
    rarest_first = sorted(quota, key=lambda cell: (len(fitting[cell]) - quota[cell], cell))
    for cell in rarest_first:
        for _place in range(quota[cell]):
            reached = _augment(cell, fitting, owner)
            if reached:
                return {}, _shortage(reached, quota, fitting)
    chosen: dict[int, list[int]] = {cell: [] for cell in quota}
    for item, cell in owner.items():
        chosen[cell].append(item)
    return chosen, None


def _augment(start: int, fitting: dict[int, list[int]], owner: dict[int, int]) -> set[int]:
    """Give ``start`` one item more, moving others along; the cells reached in vain otherwise."""
    came: dict[int, tuple[int, int]] = {}  # cell: (the cell it would give an item to, that item)
    waiting, reached, seen = [start], {start}, set()
    while waiting:
        cell = waiting.pop(0)
        for item in fitting[cell]:
            if item in seen:
                continue
            seen.add(item)
            if item not in owner:
                _pass_on(cell, item, came, owner)
                return set()
            holder = owner[item]
            if holder not in reached:
                reached.add(holder)
                came[holder] = (cell, item)
                waiting.append(holder)
    return reached


def _pass_on(cell: int, item: int, came: dict[int, tuple[int, int]], owner: dict[int, int]) -> None:
    owner[item] = cell
    while cell in came:
        taker, given = came[cell]
        owner[given] = taker
        cell = taker


def _shortage(cells: set[int], quota: dict[int, int], fitting: dict[int, list[int]]) -> Shortage:
    fit = {item for cell in cells for item in fitting[cell]}
    return Shortage(tuple(sorted(cells)), sum(quota[cell] for cell in cells), len(fit))


# --- forms of equal difficulty ---------------------------------------------------------------
def _dealt(
    cells: Sequence[Cell],
    chosen: dict[int, list[int]],
    bank: dict[int, Candidate],
    forms: int,
    form: int,
) -> dict[int, list[int]]:
    """The items of one form: each cell's, sorted by difficulty, dealt to and fro."""
    paper = {}
    for turn, cell in enumerate(cells):
        ranked = sorted(chosen[cell.id], key=lambda i: (bank[i].difficulty, i))
        laps = [ranked[n : n + forms] for n in range(0, len(ranked), forms)]
        paper[cell.id] = [
            lap[form if (n + turn) % 2 == 0 else forms - 1 - form] for n, lap in enumerate(laps)
        ]
    return paper


def _even_out(
    papers: list[dict[int, list[int]]],
    cells: Sequence[Cell],
    bank: dict[int, Candidate],
    tolerance: float,
) -> None:
    """Exchange items between the hardest and the easiest form while that brings them nearer."""
    total = sum(cell.points * cell.count for cell in cells) or 1.0
    for _round in range(ROUNDS):
        means = [mean_difficulty(paper, cells, bank) for paper in papers]
        gap = max(means) - min(means)
        if gap <= tolerance / 2:
            return
        hard, easy = papers[means.index(max(means))], papers[means.index(min(means))]
        best = min(
            (
                (abs(gap - 2 * weight), cell.id, n, m)
                for cell in cells
                for n, one in enumerate(hard[cell.id])
                for m, other in enumerate(easy[cell.id])
                if (weight := cell.points * (bank[one].difficulty - bank[other].difficulty) / total)
                > SLACK
            ),
            default=None,
        )
        if best is None or best[0] >= gap - SLACK:
            return
        _gap, cell_id, n, m = best
        hard[cell_id][n], easy[cell_id][m] = easy[cell_id][m], hard[cell_id][n]
