import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.engines.itemstats import cronbach_alpha, statistics_of

# Four people, three items; the third is answered by the weak alone.
SCORES = [[2, 1, 0], [2, 1, 0], [2, 0, 0], [0, 0, 1]]
ANSWERS = [["a", ["a", "b"], "x"], ["a", ["a"], "x"], ["a", [], None], ["b", ["c"], "y"]]


def test_facility_discrimination_and_choices_by_hand() -> None:
    first, second, third = statistics_of(SCORES, [2, 1, 1], ANSWERS)
    assert (first.taken, first.facility, second.facility) == (4, 0.75, 0.5)
    # item 1 with the rest (1, 1, 0, 1): correlation by hand -1/3
    assert first.discrimination == pytest.approx(-1 / 3)
    assert third.discrimination is not None and third.discrimination < -0.5
    assert first.choices == {"a": (3, 1, 0), "b": (1, 0, 1)}
    assert second.choices[""] == (1, 0, 0) and second.choices["a"] == (2, 1, 0)


def test_alpha_by_hand() -> None:
    # Three right-or-wrong items; variances 1/4, 1/4, 1/3 ... of totals 3, 2, 1, 0.
    scores = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
    variances = 0.25 + 1 / 3 + 0.25
    assert cronbach_alpha(scores) == pytest.approx(1.5 * (1 - variances / (5 / 3)))
    assert cronbach_alpha([[1, 1]]) is None and cronbach_alpha([]) is None
    assert cronbach_alpha([[1, 0], [1, 0]]) is None


def test_nothing_varies_nothing_is_told() -> None:
    [one, two] = statistics_of([[1, 0], [1, 1]], [1, 1])
    assert one.discrimination is None and two.discrimination is None
    assert statistics_of([], [1])[0].taken == 0


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), max_size=30))
def test_figures_stay_within_their_bounds(scores: list[list[int]]) -> None:
    for one in statistics_of(scores, [4, 4, 4], scores):
        assert 0 <= one.facility <= 1
        assert one.discrimination is None or -1 <= one.discrimination <= 1
        assert sum(count for count, _u, _l in one.choices.values()) == one.taken
    alpha = cronbach_alpha(scores)
    assert alpha is None or alpha <= 1 + 1e-9
