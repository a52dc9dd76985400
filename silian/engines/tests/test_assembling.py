from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from silian.engines.assembling import (
    Assembly,
    Candidate,
    Cell,
    assemble,
    shuffled,
    shuffled_choices,
)

KINDS = ("single", "multiple", "truefalse")
candidates = st.builds(
    lambda kind, difficulty, skills: (kind, difficulty / 10, frozenset(skills)),
    st.sampled_from(KINDS),
    st.integers(0, 10),
    st.sets(st.integers(1, 3)),
)
banks = st.lists(candidates, max_size=30).map(
    lambda rows: [Candidate(n, *row) for n, row in enumerate(rows, 1)]
)
rows = st.tuples(
    st.integers(1, 3),
    st.sampled_from(("", *KINDS)),
    st.sets(st.integers(1, 3), max_size=2),
    st.integers(0, 4),
    st.integers(5, 10),
)
blueprints = st.lists(rows, min_size=1, max_size=4).map(
    lambda found: [
        Cell(n, count, 1.0 + n, kind, frozenset(skills), low / 10, high / 10)
        for n, (count, kind, skills, low, high) in enumerate(found, 1)
    ]
)


def fillable(cells: list[Cell], bank: list[Candidate], forms: int) -> bool:
    """Hall's condition, tried on every set of cells."""
    subsets = chain.from_iterable(combinations(cells, n) for n in range(1, len(cells) + 1))
    return all(
        sum(cell.count for cell in some) * forms
        <= sum(any(cell.takes(item) for cell in some) for item in bank)
        for some in subsets
    )


@settings(max_examples=150, deadline=None)
@given(blueprints, banks, st.integers(1, 3), st.text(max_size=5), st.sets(st.integers(1, 30)))
def test_every_form_keeps_the_blueprint_or_the_cells_that_lack_are_named(
    cells: list[Cell], bank: list[Candidate], forms: int, seed: str, excluded: set[int]
) -> None:
    out = frozenset(excluded)
    usable = [item for item in bank if item.id not in out]
    found = assemble(cells, bank, seed=seed, forms=forms, excluded=out)
    assert (found.shortage is None) == fillable(cells, usable, forms)
    assert found == assemble(cells, list(reversed(bank)), seed=seed, forms=forms, excluded=out)
    if found.shortage:
        lacking = [cell for cell in cells if cell.id in found.shortage.cells]
        fit = sum(any(cell.takes(item) for cell in lacking) for item in usable)
        assert fit == found.shortage.available < found.shortage.needed
        assert not found.forms
        return
    known = {item.id: item for item in usable}
    used = [item for form in found.forms for items in form.values() for item in items]
    assert len(used) == len(set(used)) and len(found.forms) == forms
    for form in found.forms:
        for cell in cells:
            assert len(form[cell.id]) == cell.count
            assert all(cell.takes(known[item]) for item in form[cell.id])


def test_a_greedy_choice_would_have_starved_the_second_cell() -> None:
    bank = [Candidate(1, "single", 0.5, frozenset({1, 2})), Candidate(2, "single", 0.5)]
    cells = [Cell(1, 1, 1.0), Cell(2, 1, 1.0, skills=frozenset({2}))]
    for seed in "abcdefgh":
        assert assemble(cells, bank, seed=seed).forms == [{1: [2], 2: [1]}]


def test_parallel_forms_are_equally_hard() -> None:
    bank = [Candidate(n, "single", (n * 37 % 100) / 100) for n in range(1, 121)]
    cells = [Cell(1, 10, 2.0, hardest=0.6), Cell(2, 10, 3.0, easiest=0.4)]
    for seed in ("2026-1", "2026-2", "2026-3"):
        found = assemble(cells, bank, seed=seed, forms=3, tolerance=0.01)
        assert len(found.forms) == 3 and found.spread <= 0.01


def test_other_seeds_choose_otherwise() -> None:
    bank = [Candidate(n, "single", 0.5) for n in range(1, 41)]
    found = {str(assemble([Cell(1, 10, 1.0)], bank, seed=f"{n}").forms) for n in range(5)}
    assert len(found) == 5
    assert Assembly().spread == 0


@given(st.lists(st.text(max_size=3), unique=True), st.text(max_size=5))
def test_a_shuffle_keeps_everything_and_repeats_itself(ids: list[str], seed: str) -> None:
    once = shuffled(ids, seed)
    assert sorted(once) == sorted(ids) and once == shuffled(list(reversed(ids)), seed)


def test_choices_are_shuffled_for_each_candidate_and_item_anew() -> None:
    orders = {tuple(shuffled_choices("abcd", seed, item)) for seed in "pqr" for item in range(9)}
    assert len(orders) > 9 and shuffled_choices("abcd", "p", 1) == shuffled_choices("dcba", "p", 1)
