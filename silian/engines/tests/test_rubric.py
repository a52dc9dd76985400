"""Points of practical exams: tolerance, steps, means half up, critical points."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.engines import rubric
from silian.engines.rubric import BadResponse, Criterion, mark

JUDGED = Criterion(1, "judged", Decimal("12.25"))
CHECKED = Criterion(2, "checked", Decimal(5), critical=True)
MEASURED = Criterion(
    3, "measured", Decimal(10), nominal=Decimal(20), below=Decimal("0.05"), above=Decimal("0.02")
)
totals = st.decimals(0, 100, places=2)


def test_judged_points_come_in_halves_or_whole() -> None:
    assert mark(JUDGED, "0").points == 0
    assert mark(JUDGED, "7.5").points == Decimal("7.5")
    assert mark(JUDGED, "12.25") == rubric.Mark(Decimal("12.25"))
    for wrong in ("7.3", "12.5", "-1", "", "NaN", "1e400", "1_0", 7, None, True, "0" * 30):
        with pytest.raises(BadResponse):
            mark(JUDGED, wrong)


def test_what_is_checked_is_done_or_not() -> None:
    assert mark(CHECKED, True) == rubric.Mark(Decimal(5), passed=True)
    assert mark(CHECKED, False) == rubric.Mark(Decimal(0), passed=False)
    with pytest.raises(BadResponse):
        mark(CHECKED, "yes")


def test_both_limits_belong_to_the_tolerance() -> None:
    for inside in ("19.95", "20", "20.02", "20.0200"):
        assert mark(MEASURED, inside) == rubric.Mark(Decimal(10), passed=True)
    for outside in ("19.9499", "20.0201", "-20"):
        assert mark(MEASURED, outside) == rubric.Mark(Decimal(0), passed=False)


@given(st.decimals(0, 100, places=4), st.decimals(0, 5, places=4), st.decimals(0, 5, places=4))
def test_a_measurement_is_worth_all_or_nothing(
    nominal: Decimal, below: Decimal, above: Decimal
) -> None:
    one = Criterion(1, "measured", Decimal(8), nominal=nominal, below=below, above=above)
    assert mark(one, f"{nominal - below}").passed and mark(one, f"{nominal + above}").passed
    beyond = Decimal("0.0001")
    assert not mark(one, f"{nominal - below - beyond}").points
    assert not mark(one, f"{nominal + above + beyond}").points


def test_halves_are_rounded_up() -> None:
    assert rubric.mean([Decimal("80.01"), Decimal("80.00")]) == Decimal("80.01")
    assert rubric.mean([Decimal(80), Decimal(80), Decimal(81)]) == Decimal("80.33")
    assert rubric.weighted([(Decimal("80.01"), 50), (Decimal("80.00"), 50)]) == Decimal("80.01")


@given(st.lists(totals, min_size=1, max_size=9))
def test_a_mean_lies_between_the_sheets_in_any_order(given_totals: list[Decimal]) -> None:
    mean = rubric.mean(given_totals)
    assert min(given_totals) <= mean <= max(given_totals)
    assert mean == rubric.mean(sorted(given_totals))
    assert rubric.apart(given_totals) == max(given_totals) - min(given_totals) >= 0


@given(st.lists(st.tuples(totals, st.integers(1, 100)), min_size=1, max_size=6))
def test_a_weighted_total_lies_between_its_parts(parts: list[tuple[Decimal, int]]) -> None:
    points = [one for one, _weight in parts]
    assert min(points) <= rubric.weighted(parts) <= max(points)


@given(st.lists(st.sets(st.integers(1, 5)), min_size=1, max_size=9))
def test_more_than_half_fails_exactly_half_is_to_be_decided(failed: list[set[int]]) -> None:
    sheets = len(failed)
    for key in range(1, 6):
        says = sum(key in one for one in failed)
        assert (key in rubric.majority_failed(failed, sheets)) == (says > sheets / 2)
        assert (key in rubric.evenly_split(failed, sheets)) == (says == sheets / 2)
