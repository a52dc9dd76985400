"""What has to hold of every pass rule."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.engines.passing import Came, Grade, Mark, Part, Result, Rules, outcome

NAMES = ("ethics", "theory", "practical", "review", "performance")
points = st.decimals(0, 100, places=2)
parts = st.lists(st.sampled_from(NAMES), min_size=1, unique=True).flatmap(
    lambda names: st.tuples(
        *(st.builds(Part, st.just(name), points, st.booleans(), st.booleans()) for name in names)
    )
)
rules = st.builds(Rules, parts, st.none() | points, st.none() | points)
a_mark = st.builds(
    Mark, st.none() | points, st.none() | st.booleans(), st.booleans(), st.booleans(), st.booleans()
)
marks = st.dictionaries(st.sampled_from(NAMES), a_mark)
RANK = {Result.FAILED: 0, Result.PASSED: 1}
GRADES = [Grade.NONE, Grade.GOOD, Grade.EXCELLENT]


def test_each_part_has_to_be_passed_for_itself() -> None:
    two = Rules([Part("theory"), Part("practical")], Decimal(80), Decimal(95))

    def of(theory: int, practical: int) -> tuple[Result, Grade]:
        found = outcome(
            two, {"theory": Mark(Decimal(theory)), "practical": Mark(Decimal(practical))}
        )
        return found.result, found.grade

    assert of(60, 60) == (Result.PASSED, Grade.NONE)
    assert of(100, 59) == (Result.FAILED, Grade.NONE)
    assert of(100, 80) == (Result.PASSED, Grade.GOOD)
    assert of(95, 96) == (Result.PASSED, Grade.EXCELLENT)


def test_what_is_missing_is_not_failed_and_who_stayed_away_has_not_passed() -> None:
    two = Rules([Part("theory"), Part("practical"), Part("ethics", judged=True, needed=False)])
    found = outcome(two, {"theory": Mark(Decimal(20))})
    assert found.result == Result.INCOMPLETE and found.missing == ("practical", "ethics")
    full = {"theory": Mark(Decimal(70)), "practical": Mark(Decimal(99))}
    assert outcome(two, full).result == Result.PASSED, "what is not needed may be missing"
    away = outcome(two, full | {"practical": Mark(absent=True)})
    assert away.result == Result.FAILED and away.parts[1].came == Came.ABSENT
    critical = outcome(two, full | {"practical": Mark(Decimal(99), failed=True)})
    assert critical.result == Result.FAILED
    earlier = outcome(two, full | {"theory": Mark(earlier=True)})
    assert earlier.result == Result.PASSED and earlier.parts[0].earlier


def test_a_pass_mark_is_between_nothing_and_everything() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        Part("theory", Decimal(101))


@given(rules, marks, st.sampled_from(NAMES), points)
def test_more_points_never_make_anything_worse(
    known: Rules, given_marks: dict[str, Mark], name: str, more: Decimal
) -> None:
    before = outcome(known, given_marks)
    mark = given_marks.get(name, Mark())
    if mark.points is None or more < mark.points:
        return
    after = outcome(known, given_marks | {name: replace(mark, points=more)})
    if before.result == Result.INCOMPLETE:
        assert after.result == Result.INCOMPLETE, "nothing that was missing came"
    else:
        assert RANK[after.result] >= RANK[before.result]
        assert before.result != Result.PASSED or after.result == Result.PASSED


@given(rules, marks)
def test_the_result_follows_from_the_needed_parts_alone(
    known: Rules, given_marks: dict[str, Mark]
) -> None:
    found = outcome(known, given_marks)
    needed = {part.name for part in known.parts if part.needed}
    came = {one.part: one.came for one in found.parts}
    assert [one.part for one in found.parts] == [part.name for part in known.parts]
    assert (found.result == Result.INCOMPLETE) == any(came[n] == Came.MISSING for n in needed)
    assert (found.result == Result.PASSED) == all(came[n] == Came.PASSED for n in needed)
    without = {name: mark for name, mark in given_marks.items() if name in needed}
    assert outcome(known, without).result == found.result
    assert found.grade == Grade.NONE or found.result == Result.PASSED


@given(rules, marks, st.sampled_from(NAMES))
def test_an_earlier_pass_is_a_pass(known: Rules, given_marks: dict[str, Mark], name: str) -> None:
    before = outcome(known, given_marks)
    after = outcome(known, given_marks | {name: Mark(earlier=True)})
    assert all(one.came == Came.PASSED for one in after.parts if one.part == name)
    assert before.result != Result.PASSED or after.result == Result.PASSED


@given(parts, marks, points, points)
def test_a_higher_band_is_harder(
    known: tuple[Part, ...], given_marks: dict[str, Mark], one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))
    easy = outcome(Rules(known, low), given_marks).grade
    hard = outcome(Rules(known, high), given_marks).grade
    assert GRADES.index(easy) >= GRADES.index(hard)
