"""What an answer is worth that two people marked apart from each other, and when a third is asked.

The third decides who was nearer: the points are the mean of the third's and the nearer one's. If
both are equally near, the higher one counts.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HALF = Decimal("0.5")
PAIR, WITH_THIRD = 2, 3


def differs(first: Decimal, second: Decimal, worth: Decimal, limit: int) -> bool:
    """Are they further apart than ``limit`` per cent of what the answer can be worth?"""
    return abs(first - second) * 100 > worth * limit


def settled(given: Sequence[Decimal], worth: Decimal, limit: int) -> Decimal | None:
    """The points, from those of two markers or three; None while one of them is missing."""
    if len(given) == WITH_THIRD:
        third = given[2]
        nearer = min(sorted(given[:PAIR], reverse=True), key=lambda points: abs(points - third))
        return _mean(nearer, third)
    if len(given) < PAIR or differs(given[0], given[1], worth, limit):
        return None
    return _mean(given[0], given[1])


def allowed(points: Decimal, worth: Decimal) -> bool:
    """Half points, up to what the answer can be worth."""
    return 0 <= points <= worth and (points % HALF == 0 or points == worth)


def _mean(one: Decimal, other: Decimal) -> Decimal:
    return ((one + other) / 2).quantize(CENT, ROUND_HALF_UP)
