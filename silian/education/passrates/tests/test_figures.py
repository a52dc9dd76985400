"""Figures tell nothing of a single person."""

from silian.education.passrates.figures import FEW, parts_of
from silian.education.results.models import Outcome


def outcome(*, earlier: bool) -> Outcome:
    part = {"part": "theory", "points": "47.50", "came": "failed", "earlier": earlier}
    other = {"part": "practical", "points": "80.00", "came": "passed", "earlier": False}
    return Outcome(parts=[part, other])


def test_a_part_that_few_took_is_left_out() -> None:
    rows = [outcome(earlier=n > 0) for n in range(FEW)]
    [told] = parts_of(rows)
    assert (told.taken, told.passed, told.mean) == (FEW, FEW, 80.0)
    assert len(parts_of([outcome(earlier=False) for _n in range(FEW)])) == 2
