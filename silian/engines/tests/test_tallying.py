"""A tally is what its theorems say, for any numbers and any shares."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from silian.engines import tallying
from silian.engines.tallying import Base, Choice, Majority, Votes, decide, fewest, quorum

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)

shares = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20)
counts = st.integers(0, 400)
ballots = st.lists(st.tuples(st.sampled_from(Choice), st.integers(1, 5)), max_size=60)


@st.composite
def majorities(draw):
    share = draw(shares)
    strict = draw(st.booleans()) and share < 1
    return Majority(share, strict, draw(st.sampled_from(Base)))


@st.composite
def polls(draw):
    """Votes with somebody present who has not cast theirs, and what they are measured by."""
    votes = Votes(*(draw(st.integers(0, 40)) for _ in Choice))
    present = votes.cast + draw(st.integers(0, 20))
    return votes, {
        "present": present,
        "eligible": present + draw(st.integers(0, 40)),
        "quorum_share": draw(shares),
        "majority": draw(majorities()),
    }


@pytest.mark.parametrize(
    ("base", "share", "strict", "votes"),
    [
        (40, HALF, True, 21),
        (41, HALF, True, 21),
        (40, HALF, False, 20),
        (62, TWO_THIRDS, False, 42),
        (60, TWO_THIRDS, False, 40),
        (60, TWO_THIRDS, True, 41),
        (7, Fraction(1), False, 7),
        (0, HALF, True, 1),
        (0, HALF, False, 0),
    ],
)
def test_known_numbers(base, share, strict, votes):
    assert fewest(base, share, strict) == votes


def test_the_example_of_the_charter_page():
    majority = Majority(TWO_THIRDS, strict=False, base=Base.VALID)
    votes = Votes(favour=31, against=6, abstain=3, invalid=2)
    decision = decide(votes, present=42, eligible=62, quorum_share=TWO_THIRDS, majority=majority)
    assert (decision.quorum.needed, decision.of, decision.needed) == (42, 40, 27)
    assert decision.quorum.met and decision.carried


def test_without_a_quorum_nothing_carries():
    decision = decide(
        Votes(41), present=41, eligible=62, quorum_share=TWO_THIRDS, majority=Majority()
    )
    assert decision.votes.favour >= decision.needed
    assert not decision.quorum.met
    assert not decision.carried


@pytest.mark.parametrize(("present", "eligible"), [(0, 0), (5, 5), (3, 62)])
def test_nothing_carries_that_nobody_favours(present, eligible):
    for base in Base:
        decision = decide(
            Votes(abstain=present),
            present=present,
            eligible=eligible,
            quorum_share=Fraction(1, 100),
            majority=Majority(Fraction(1, 100), strict=False, base=base),
        )
        assert not decision.carried


@given(counts, shares, st.booleans())
def test_the_number_needed_reaches_the_share_and_no_smaller_one_does(base, share, strict):
    assume(not (strict and share == 1))

    def reaches(votes):
        return votes > share * base if strict else votes >= share * base

    votes = fewest(base, share, strict)
    assert reaches(votes)
    assert not any(reaches(fewer) for fewer in range(votes))
    assert votes <= max(base, 1)


@given(polls(), st.sampled_from(["against", "abstain", "invalid", "not cast"]))
def test_a_vote_more_in_favour_never_loses(poll, taken_from):
    votes, measures = poll
    if taken_from == "not cast":
        assume(votes.cast < measures["present"])
        more = votes + Votes(favour=1)
    else:
        assume(getattr(votes, taken_from))
        fewer = {taken_from: getattr(votes, taken_from) - 1}
        more = replace(votes, favour=votes.favour + 1, **fewer)
    assert decide(more, **measures).carried >= decide(votes, **measures).carried


@given(polls())
def test_a_vote_more_against_never_carries(poll):
    votes, measures = poll
    assume(votes.favour)
    less = Votes(votes.favour - 1, votes.against + 1, votes.abstain, votes.invalid)
    assert decide(less, **measures).carried <= decide(votes, **measures).carried


@given(polls())
def test_everybody_in_favour_carries_where_all_are_there(poll):
    _votes, measures = poll
    assume(measures["eligible"])
    everybody = measures | {"present": measures["eligible"]}
    assert decide(Votes(favour=measures["eligible"]), **everybody).carried


@given(ballots, st.randoms(use_true_random=False))
def test_the_order_of_ballots_never_matters(cast, random):
    shuffled = random.sample(cast, len(cast))
    assert tallying.count(shuffled) == tallying.count(cast)


@given(ballots, ballots)
def test_sums_add_up(one, other):
    assert tallying.count(one) + tallying.count(other) == tallying.count(one + other)
    votes = tallying.count(one)
    assert votes.cast == sum(weight for _, weight in one)
    assert votes.cast - votes.invalid == votes.valid
    assert votes.favour == sum(weight for choice, weight in one if choice == Choice.FAVOUR)


@given(counts, counts, shares)
def test_one_more_present_never_undoes_a_quorum(present, absent, share):
    eligible = present + absent + 1
    assert quorum(present + 1, eligible, share).met >= quorum(present, eligible, share).met


@given(counts, counts, shares, shares)
def test_a_greater_share_never_needs_fewer(present, absent, one, other):
    low, high = sorted((one, other))
    eligible = present + absent
    assert quorum(present, eligible, low).needed <= quorum(present, eligible, high).needed


@given(counts)
def test_all_present_are_a_quorum_of_any_body_that_has_members(eligible):
    assert quorum(eligible, eligible, Fraction(1)).met == (eligible > 0)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: Votes(favour=-1),
        lambda: quorum(5, 4, HALF),
        lambda: quorum(-1, 4, HALF),
        lambda: quorum(1, 4, Fraction(3, 2)),
        lambda: fewest(4, Fraction(0), False),
        lambda: fewest(4, Fraction(1), True),
        lambda: fewest(-1, HALF, True),
        lambda: tallying.count([(Choice.FAVOUR, 0)]),
        lambda: tallying.count([("perhaps", 1)]),
        lambda: decide(
            Votes(3), present=2, eligible=4, quorum_share=HALF, majority=Majority()
        ),
        lambda: decide(
            Votes(2), present=4, eligible=3, quorum_share=HALF, majority=Majority()
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()
