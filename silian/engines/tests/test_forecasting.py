"""What a forecast must keep, whatever the figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.engines.forecasting import (
    LEAST_YEARS,
    METHODS,
    Forecast,
    Graduates,
    TooFew,
    _trials,
    forecast,
    graduates,
    last_run,
)

figures = st.lists(st.integers(0, 5000), min_size=LEAST_YEARS, max_size=12)


def by_year(values: list[int], first: int = 2018) -> dict[int, float]:
    return {first + number: float(value) for number, value in enumerate(values)}


def made(values: list[int], horizon: int = 3) -> Forecast:
    found = forecast(by_year(values), horizon=horizon)
    assert isinstance(found, Forecast)
    return found


@given(figures)
def test_values_lie_in_their_interval_and_never_below_zero(values: list[int]) -> None:
    for one in made(values).ahead:
        assert 0 <= one.low <= one.value <= one.high


@given(figures)
def test_the_chosen_method_is_never_worse_than_last_years_figure(values: list[int]) -> None:
    found = made(values)
    assert found.error <= found.naive_error + 1e-6
    assert found.error == pytest.approx(min(found.errors.values()))
    assert set(found.errors) == set(METHODS)


@given(figures, st.integers(0, 5000))
def test_a_held_back_year_is_foretold_from_the_years_before_it_alone(
    values: list[int], other: int
) -> None:
    """The last figure is no part of what was foretold for any held-back year."""
    for method in METHODS:
        one, two = (forecast_by(method, [*values[:-1], last]) for last in (values[-1], other))
        assert one == two


def forecast_by(method: str, values: list[int]) -> list[float]:
    years = list(range(len(values)))
    return [t.foretold for t in _trials(years, np.array(values, dtype=float), METHODS[method])]


@given(st.integers(0, 5000), st.integers(LEAST_YEARS, 10))
def test_what_never_changed_stays(value: int, years: int) -> None:
    found = made([value] * years)
    assert found.method == "naive"
    assert [one.value for one in found.ahead] == [value] * 3
    assert found.error == 0


@given(st.integers(1, 50), st.integers(LEAST_YEARS, 10))
def test_a_steady_rise_goes_on(step: int, years: int) -> None:
    found = made([100 + step * year for year in range(years)])
    assert found.method == "growth"
    assert found.ahead[0].value == pytest.approx(100 + step * years)


@given(figures, st.integers(2, 9))
def test_the_unit_does_not_matter(values: list[int], times: int) -> None:
    one, many = made(values), made([value * times for value in values])
    assert many.error == pytest.approx(one.error * times, abs=1e-6)


@given(figures)
def test_the_interval_widens(values: list[int]) -> None:
    widths = [one.high - one.value for one in made(values, horizon=5).ahead]
    assert widths == sorted(widths)


@given(st.lists(st.integers(0, 99), max_size=LEAST_YEARS - 1))
def test_no_number_where_there_are_too_few_years(values: list[int]) -> None:
    assert forecast(by_year(values)) == TooFew(len(values), LEAST_YEARS)


def test_a_gap_ends_the_run_of_years() -> None:
    series = dict.fromkeys([2015, 2016, 2019, 2020, 2021], 10.0)
    assert last_run(series) == [2019, 2020, 2021]
    assert forecast(series) == TooFew(3, LEAST_YEARS)


def test_no_percentage_of_a_year_without_any() -> None:
    assert made([5, 5, 5, 0, 5]).percent is None
    found = made([10, 10, 10, 8, 10])
    parts = [100 * trial.error / trial.actual for trial in found.trials]
    assert found.percent == pytest.approx(sum(parts) / len(parts))


# --- graduates --------------------------------------------------------------------------

entrants = st.lists(st.integers(1, 400), min_size=6, max_size=9)


@given(entrants, st.integers(1, 3), st.floats(0.5, 1.0))
def test_a_steady_rate_is_found_and_applied_to_those_who_entered(
    entered: list[int], length: int, rate: float
) -> None:
    entering = by_year(entered)
    last = max(entering)
    done = {y + length: n * rate for y, n in entering.items() if y + length <= last}
    found = graduates(entering, done, length=length)
    assert isinstance(found, Graduates)
    assert found.rate == pytest.approx(rate)
    assert found.error == pytest.approx(0, abs=1e-6)
    assert [one.year for one in found.ahead] == [last + step for step in range(1, length + 1)]
    for one in found.ahead:
        assert one.value == pytest.approx(entering[one.year - length] * rate)
        assert one.low <= one.value <= one.high


def test_nobody_graduates_who_has_not_entered() -> None:
    found = graduates({2020: 40, 2021: 50, 2022: 60}, {2022: 38, 2023: 45}, length=2)
    assert isinstance(found, Graduates)
    assert [one.year for one in found.ahead] == [2024]


def test_one_cohort_is_no_experience() -> None:
    assert graduates({2020: 40}, {2023: 38}, length=3) == TooFew(1, 2)
    assert graduates({}, {2023: 38}, length=3) == TooFew(0, 2)
