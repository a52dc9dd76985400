"""Nobody works out from a report what it keeps: tried by subtraction, algebra and bounds."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from silian.engines.disclosure import Cells, Marks, Sum, unsaid, worked_out

FEW = 5
SEEDS = range(60)


def make_report(seed: int, schools: int = 6) -> tuple[Cells, list[Sum], Marks]:
    """Schools in two kinds and two regions, four outcomes beside the students; all in sum."""
    chance = np.random.default_rng(seed)
    kinds, regions = chance.integers(0, 2, schools), chance.integers(0, 2, schools)
    rows = [tuple(it) for it in chance.poisson((14, 6, 3, 2), (schools, 4))]
    made_of: list[tuple[list[int], list[int]]] = []
    groups: list[list[int]] = []
    for of in (kinds, regions):
        found = [[n for n in range(schools) if of[n] == value] for value in (0, 1)]
        groups.append([])
        for members in filter(None, found):
            groups[-1].append(len(rows))
            made_of.append(([len(rows)], members))
            rows.append(tuple(np.sum([rows[n] for n in members], axis=0)))
    whole = len(rows)
    rows.append(tuple(np.sum(rows[:schools], axis=0)))
    made_of += [([whole], list(range(schools))), *(([whole], group) for group in groups)]
    cells = np.array([(sum(row), *row) for row in rows], np.int64)
    sums = [Sum(5 * n, tuple(range(5 * n + 1, 5 * n + 5))) for n in range(len(rows))]
    for (above,), parts in made_of:
        sums += [Sum(5 * above + c, tuple(5 * n + c for n in parts)) for c in range(5)]
    public = np.zeros(cells.shape, bool)
    public[whole] = True
    return cells.ravel(), sums, public.ravel()


def subtract(sums: Iterable[Sum], hidden: Marks) -> set[int]:
    """The plain attack: wherever one number of a sum is missing, reckon it; again and again."""
    missing, found = set(np.flatnonzero(hidden).tolist()), set[int]()
    while new := {
        open_cells.pop() for it in sums if len(open_cells := set(it.cells) & missing) == 1
    }:
        missing -= new
        found |= new
    return found


def solve(sums: Iterable[Sum], hidden: Marks) -> set[int]:
    """The strongest attack with equations: exact elimination; what has a value of its own falls."""
    rows = []
    for it in sums:
        row = {cell: Fraction(1) for cell in it.parts if hidden[cell]}
        if hidden[it.whole]:
            row[it.whole] = Fraction(-1)
        rows.append(row)
    done: list[dict[int, Fraction]] = []
    while rows:
        row = rows.pop()
        if not row:
            continue
        pivot, factor = next(iter(row.items()))
        row = {cell: value / factor for cell, value in row.items()}
        rows, done = [[_less(it, row, pivot) for it in part] for part in (rows, done)]
        done.append(row)
    return {next(iter(row)) for row in done if len(row) == 1}


def _less(row: dict[int, Fraction], by: dict[int, Fraction], pivot: int) -> dict[int, Fraction]:
    factor = row.get(pivot, Fraction(0))
    cells = row.keys() | by.keys()
    new = {cell: row.get(cell, Fraction(0)) - factor * by.get(cell, Fraction(0)) for cell in cells}
    return {cell: value for cell, value in new.items() if value}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_number_is_said_or_worked_out(seed: int) -> None:
    counts, sums, public = make_report(seed)
    hidden = unsaid(counts, sums, public, FEW)
    small = (counts > 0) & (counts < FEW) & ~public
    assert hidden[small].all() and not hidden[public].any()
    told = solve(sums, hidden) | subtract(sums, hidden)
    assert all(counts[cell] >= FEW for cell in told)  # a level of all schools is the known total


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_sum_keeps_is_never_a_few(seed: int) -> None:
    counts, sums, public = make_report(seed)
    hidden = unsaid(counts, sums, public, FEW)
    for it in sums:
        kept = [cell for cell in it.parts if hidden[cell]]
        if kept and not hidden[it.whole] and len(kept) < len(it.parts):
            assert counts[kept].sum() == 0 or counts[kept].sum() >= FEW


def test_the_attack_succeeds_where_only_small_numbers_are_kept() -> None:
    """Otherwise the tests above would show nothing."""
    fallen = 0
    for seed in SEEDS:
        counts, sums, public = make_report(seed)
        only_small = (counts > 0) & (counts < FEW) & ~public
        found = solve(sums, only_small)
        assert found == set(np.flatnonzero(worked_out(sums, only_small)).tolist())
        assert subtract(sums, only_small) <= found
        fallen += bool(found)
    assert fallen > len(SEEDS) // 2


def test_tables_that_only_together_give_a_number_away() -> None:
    """A school that is kept among all schools and alone in its region: the region is kept too."""
    counts = np.array([40, 4, 16, 20, 4, 36], np.int64)  # all; three schools; two regions
    sums = [Sum(0, (1, 2, 3)), Sum(0, (4, 5)), Sum(4, (1,)), Sum(5, (2, 3))]
    public = np.array([True, *[False] * 5])
    hidden = unsaid(counts, sums, public, FEW)
    assert hidden.tolist() == [False, True, True, False, True, True]


def test_nothing_small_nothing_kept() -> None:
    counts = np.array([30, 10, 20, 0], np.int64)
    public = np.array([True, False, False, False])
    assert not unsaid(counts, [Sum(0, (1, 2, 3))], public, FEW).any()


@pytest.mark.parametrize("seed", range(12))
def test_nor_do_the_bounds_that_counts_have_give_a_small_number_away(seed: int) -> None:
    """All tables of whole numbers that agree with what is said: a small cell has several values."""
    chance = np.random.default_rng(seed)
    rows = chance.poisson((6, 2), (4, 2))
    table = np.vstack([rows, rows.sum(axis=0)])
    cells = np.hstack([table.sum(axis=1, keepdims=True), table]).astype(np.int64)
    sums = [Sum(3 * n, (3 * n + 1, 3 * n + 2)) for n in range(5)]
    sums += [Sum(12 + c, tuple(3 * n + c for n in range(4))) for c in range(3)]
    public = np.zeros(15, bool)
    public[12:] = True
    counts = cells.ravel()
    hidden = unsaid(counts, sums, public, FEW)
    most = counts[12:]
    found: dict[int, set[int]] = {cell: set() for cell in range(12)}
    for firsts, others in product(
        _columns(counts, hidden, int(most[1]), 1), _columns(counts, hidden, int(most[2]), 2)
    ):
        totals = [a + b for a, b in zip(firsts, others, strict=True)]
        if all(hidden[3 * n] or totals[n] == counts[3 * n] for n in range(4)):
            for n in range(4):
                for cell, value in enumerate((totals[n], firsts[n], others[n])):
                    found[3 * n + cell].add(value)
    small = np.flatnonzero((counts > 0) & (counts < FEW) & ~public)
    assert all(len(found[cell]) > 1 for cell in small)


def _columns(counts: Cells, hidden: Marks, total: int, column: int) -> list[tuple[int, ...]]:
    choices = [
        range(total + 1) if hidden[3 * n + column] else [int(counts[3 * n + column])]
        for n in range(4)
    ]
    return [it for it in product(*choices) if sum(it) == total]
