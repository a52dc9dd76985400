from hypothesis import given
from hypothesis import strategies as st

from silian.engines.gaps import Asked, Given, compare, median_level

small = st.integers(1, 4)
needs = st.lists(st.builds(Asked, small, st.integers(1, 6), st.integers(1, 9), small), max_size=12)
units = st.lists(st.builds(Given, small, st.integers(1, 6), st.integers(0, 20), small), max_size=12)


@given(needs, units)
def test_every_skill_has_one_outcome_and_no_head_is_lost(
    asked: list[Asked], given_: list[Given]
) -> None:
    gap = compare(asked, given_)
    assert {line.skill for line in gap.lines} == {x.skill for x in [*asked, *given_]}
    assert len(gap.lines) == len({line.skill for line in gap.lines})
    assert gap.asked_heads == sum(need.heads for need in asked)
    assert gap.index is None or 0 <= gap.index <= 1
    for line in gap.lines:
        assert (line.outcome == "surplus") == (line.heads == 0)
        assert (line.outcome == "missing") == (line.taught_level is None)


@given(needs, units)
def test_more_teaching_never_covers_less(asked: list[Asked], given_: list[Given]) -> None:
    before = compare(asked, given_).index
    after = compare(asked, [*given_, *(Given(n.skill, 99, 40, 4) for n in asked)]).index
    assert before is None or (after is not None and after >= before)


@given(needs.filter(bool))
def test_at_least_half_of_the_heads_ask_for_the_median(asked: list[Asked]) -> None:
    level = median_level(asked)
    heads = sum(need.heads for need in asked if need.level >= level)
    assert heads * 2 >= sum(need.heads for need in asked)


def test_the_four_outcomes() -> None:
    asked = [Asked(1, 1, 5, 2), Asked(2, 1, 5, 3), Asked(3, 1, 5, 2), Asked(4, 1, 5, 1)]
    taught = [Given(1, 1, 16, 2), Given(2, 1, 16, 2), Given(3, 1, 4, 3), Given(5, 1, 8, 1)]
    gap = compare(asked, taught)
    outcomes = {line.skill: line.outcome for line in gap.lines}
    assert outcomes == {1: "covered", 2: "thin", 3: "thin", 4: "missing", 5: "surplus"}
    assert gap.index == 0.25
