"""Two who mark apart, and a third where they differ."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from silian.engines.doublemarking import allowed, differs, settled

points_given = st.integers(0, 20).map(lambda halves: Decimal(halves) / 2)


@given(points_given, points_given, st.integers(0, 100))
def test_two_who_agree_are_averaged_and_others_wait_for_a_third(
    first: Decimal, second: Decimal, limit: int
) -> None:
    found = settled([first, second], Decimal(10), limit)
    if differs(first, second, Decimal(10), limit):
        assert found is None and first != second
    else:
        assert found == (first + second) / 2


@given(points_given, points_given, points_given)
def test_the_third_decides_who_was_nearer(first: Decimal, second: Decimal, third: Decimal) -> None:
    found = settled([first, second, third], Decimal(10), 20)
    assert found is not None and settled([second, first, third], Decimal(10), 20) == found
    near = min(abs(first - third), abs(second - third))
    assert abs(found - third) == near / 2
    assert min(first, second, third) <= found <= max(first, second, third)


def test_half_points_and_full_points_are_allowed_and_nothing_else() -> None:
    assert allowed(Decimal("2.5"), Decimal(3)) and allowed(Decimal("3.33"), Decimal("3.33"))
    assert not allowed(Decimal("2.25"), Decimal(3)) and not allowed(Decimal(4), Decimal(3))
    assert not allowed(Decimal("-0.5"), Decimal(3))
