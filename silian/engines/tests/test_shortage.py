"""What an index must keep, whatever the formula and the figures."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from silian.engines.shortage import Dimension, Formula, demand_per_graduate, index

KEYS = ["ratio", "education", "mastery", "fill", "pay"]
value = st.none() | st.floats(-5, 10)
values = st.fixed_dictionaries(dict.fromkeys(KEYS, value))


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    raw = [draw(st.integers(1, 20)) for _key in KEYS]
    steps = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(sorted)
    dimensions = tuple(
        Dimension(key, part / sum(raw), low, low + draw(st.floats(0.1, 5)))
        for key, part in zip(KEYS, raw, strict=True)
        for low in [draw(st.floats(-1, 2))]
    )
    return Formula(
        "1", dimensions, tuple(draw(steps)), tuple(draw(steps)[:3]), draw(st.floats(0, 1))
    )


@given(values, formulas())
def test_the_index_lies_between_nought_and_one(
    figures: dict[str, float | None], formula: Formula
) -> None:
    found = index(figures, formula)
    if found.value is not None:
        assert 0 <= found.value <= 1
        assert 1 <= found.stars <= 5
        assert 0 <= found.level <= 3


@given(values, formulas(), st.sampled_from(KEYS), st.floats(0, 10))
def test_more_never_lowers(
    figures: dict[str, float | None], formula: Formula, key: str, more: float
) -> None:
    before = figures[key]
    assume(before is not None)
    assert before is not None
    was, is_now = index(figures, formula), index(figures | {key: before + more}, formula)
    if was.value is None:
        assert is_now.value is None
    else:
        assert is_now.value is not None
        assert is_now.value >= was.value
        assert (is_now.stars, is_now.level) >= (was.stars, was.level)


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e5))
def test_more_demand_never_lowers_and_more_graduates_never_raise(
    demand: float, more: float, supply: float
) -> None:
    ratio = demand_per_graduate(demand, supply)
    more_demand, more_supply = (
        demand_per_graduate(demand + more, supply),
        demand_per_graduate(demand, supply + more),
    )
    assert ratio is not None and more_demand is not None and more_supply is not None
    assert more_supply <= ratio <= more_demand


@given(values, formulas())
def test_the_weights_that_counted_sum_to_one(
    figures: dict[str, float | None], formula: Formula
) -> None:
    found = index(figures, formula)
    used = [part for part in found.parts if part.score is not None]
    if used:
        assert sum(part.weight for part in used) == pytest.approx(1)
    if found.value is not None:
        total = sum(part.weight * (part.score or 0) for part in used)
        assert found.value == pytest.approx(total, abs=1e-9), "it is told to nine places"


@given(values, formulas())
def test_what_is_missing_is_named_and_never_invented(
    figures: dict[str, float | None], formula: Formula
) -> None:
    found = index(figures, formula)
    assert set(found.missing) == {key for key in KEYS if figures[key] is None}
    known = sum(one.weight for one in formula.dimensions if figures[one.key] is not None)
    if known < formula.least_known - 1e-6:
        assert found.value is None and not found.stars


@given(values, formulas())
def test_without_what_is_required_there_is_no_index(
    figures: dict[str, float | None], formula: Formula
) -> None:
    first, *others = formula.dimensions
    strict = replace(formula, dimensions=(replace(first, required=True), *others))
    assert index(figures | {first.key: None}, strict).value is None


def test_a_formula_must_add_up_and_rise() -> None:
    half = Dimension("ratio", 0.5, 0, 1)
    with pytest.raises(ValueError, match="sum"):
        Formula("1", (half,), (), ())
    with pytest.raises(ValueError, match="rise"):
        Formula("1", (Dimension("ratio", 1, 1, 1),), (), ())
    with pytest.raises(ValueError, match="rise"):
        Formula("1", (Dimension("ratio", 1, 0, 1),), (0.5, 0.2), ())


def test_unknown_graduates_give_no_ratio() -> None:
    assert demand_per_graduate(10, None) is None
    assert demand_per_graduate(10, 0) == 10
