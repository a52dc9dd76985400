"""The theorems of an election, and the cases that a charter tells of."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from silian.engines.electing import RaceResult, Rules, Tie, draw, elect
from silian.engines.tallying import Base, Choice, Majority

NAMES = ["1", "2", "3", "4", "5"]
MARKS = [Choice.FAVOUR, Choice.AGAINST, Choice.ABSTAIN]
Papers = list[dict[str, str]]

papers_of = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(MARKS) for name in NAMES}), max_size=14
)
rules_of = st.builds(
    Rules,
    quorum_share=st.sampled_from([Fraction(1, 2), Fraction(2, 3)]),
    majority=st.builds(
        Majority,
        share=st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(2, 3)]),
        strict=st.booleans(),
        base=st.sampled_from(Base),
    ),
    tie=st.sampled_from(Tie),
)
seats_of = st.integers(1, 4)


def hold(papers: Papers, rules: Rules | None = None, seats: int = 1, **more: object) -> RaceResult:
    facts: dict[str, object] = {
        "present": len(papers),
        "eligible": max(1, len(papers)),
        "seed": "s",
    }
    facts |= {"candidates": NAMES, "seats": seats, "rules": rules or Rules()} | more
    return elect(papers, **facts)  # type: ignore[arg-type]


def votes_for(**favours: int) -> Papers:
    """Papers on which candidate ``c1`` is favoured so often, and everybody else not at all."""
    longest = max(favours.values())
    return [
        {name[1:]: Choice.FAVOUR for name, times in favours.items() if at < times}
        for at in range(longest)
    ]


def pad(papers: Papers, total: int) -> Papers:
    return papers + [{} for _ in range(total - len(papers))]


# --- theorems ---------------------------------------------------------------------------


@given(papers_of, rules_of, seats_of)
def test_sums_add_up_and_no_more_are_elected_than_there_are_seats(
    papers: Papers, rules: Rules, seats: int
) -> None:
    result = hold(papers, rules, seats)
    assert all(votes.cast == len(papers) for votes in result.votes.values())
    assert len(result.elected) + result.open == seats and result.open >= 0
    assert len(set(result.elected)) == len(result.elected)
    assert not set(result.elected) & set(result.again)
    assert all(result.votes[name].favour >= result.needed for name in result.elected)
    if result.tied:
        assert len(result.tied) > result.open > 0 and result.again == result.tied


@given(papers_of, rules_of, seats_of, st.randoms())
def test_the_order_of_papers_and_candidates_never_matters(
    papers: Papers, rules: Rules, seats: int, random: object
) -> None:
    names = NAMES.copy()
    shuffled = papers.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    random.shuffle(names)  # type: ignore[attr-defined]
    one, other = hold(papers, rules, seats), hold(shuffled, rules, seats, candidates=names)
    assert one == other


@given(papers_of, rules_of, seats_of, st.data())
def test_a_vote_more_for_somebody_never_unseats_them(
    papers: Papers, rules: Rules, seats: int, data: st.DataObject
) -> None:
    assume(papers)
    before = hold(papers, rules, seats)
    at = data.draw(st.integers(0, len(papers) - 1))
    name = data.draw(st.sampled_from(NAMES))
    more = [*papers[:at], papers[at] | {name: Choice.FAVOUR}, *papers[at + 1 :]]
    after = hold(more, rules, seats)
    if name in before.elected:
        assert name in after.elected
    if name in before.tied:
        assert name in after.tied or name in after.elected


@given(papers_of, rules_of, seats_of, st.sampled_from(NAMES))
def test_a_new_paper_for_somebody_never_unseats_them(
    papers: Papers, rules: Rules, seats: int, name: str
) -> None:
    """One more unit of the same roll comes and favours only them."""
    roll = len(papers) + 1
    before = hold(papers, rules, seats, eligible=roll)
    after = hold([*papers, {name: Choice.FAVOUR}], rules, seats, eligible=roll)
    if name in before.elected:
        assert name in after.elected


@given(papers_of, rules_of, seats_of)
def test_candidates_with_equal_papers_are_treated_alike_without_a_lot(
    papers: Papers, rules: Rules, seats: int
) -> None:
    """Two of whom every paper says the same are both elected, both tied, or neither."""
    twins = [paper | {"2": paper["1"]} for paper in papers]
    result = hold(twins, replace(rules, tie=Tie.RUNOFF), seats)
    for group in (result.elected, result.tied, result.again):
        assert ("1" in group) == ("2" in group)


@given(papers_of, seats_of, st.text())
def test_a_lot_fills_what_a_tie_leaves_open_and_can_be_drawn_again(
    papers: Papers, seats: int, seed: str
) -> None:
    rules = Rules(tie=Tie.RUNOFF)
    without = hold(papers, rules, seats)
    drawn = hold(papers, replace(rules, tie=Tie.LOT), seats, seed=seed)
    assert drawn.tied == []
    if without.tied:
        assert drawn.open == 0
        assert list(drawn.lots) == list(draw(reversed(without.tied), seed))
        assert drawn.elected == without.elected + list(drawn.lots)[: without.open]


# --- cases ------------------------------------------------------------------------------


def test_more_than_half_of_those_present_is_needed() -> None:
    result = hold(pad(votes_for(c1=31, c2=32), 62), seats=2, candidates=["1", "2"])
    assert (result.needed, result.of) == (32, 62)
    assert result.elected == ["2"] and result.open == 1 and result.again == ["1"]


def test_the_best_stand_again_twice_as_many_as_seats_and_equals_with_them() -> None:
    papers = pad(votes_for(c1=20, c2=15, c3=12, c4=12, c5=3), 62)
    assert hold(papers).again == ["1", "2"]
    assert hold(papers, seats=2).again == ["1", "2", "3", "4"]
    assert hold(pad(votes_for(c1=20, c2=12, c3=12), 62)).again == ["1", "2", "3"]


def test_a_tie_for_the_last_seat_goes_to_another_round() -> None:
    papers = pad(votes_for(c1=40, c2=35, c3=35), 62)
    result = hold(papers, seats=2)
    assert result.elected == ["1"] and result.tied == result.again == ["2", "3"]


def test_equal_votes_above_the_edge_are_no_tie() -> None:
    result = hold(pad(votes_for(c1=40, c2=40, c3=35), 62), seats=2)
    assert result.elected == ["1", "2"] and not result.tied


def test_without_a_quorum_nobody_is_elected_and_all_stand_again() -> None:
    result = hold(votes_for(c1=41), eligible=62)
    assert not result.quorum.met and result.quorum.needed == 42
    assert result.elected == [] and set(result.again) == set(NAMES)


def test_a_paper_that_favours_too_many_is_cast_but_not_valid() -> None:
    papers = [{"1": "for", "2": "for"}, {"1": "for"}, {"1": "for"}]
    rules = Rules(majority=Majority(base=Base.VALID))
    result = hold(papers, rules, most=1)
    assert (result.invalid, result.of, result.needed) == (1, 2, 2)
    assert result.votes["1"].favour == 2 and result.votes["1"].invalid == 1
    assert result.elected == ["1"]


@pytest.mark.parametrize(
    "wrong",
    [{"seats": 0}, {"candidates": ["1", "1"]}, {"present": 0}, {"candidates": ["9"]}],
    ids=["no seat", "named twice", "more papers than present", "unknown"],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        hold([{"1": "for"}], **wrong)  # type: ignore[arg-type]
