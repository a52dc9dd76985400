"""Deferred acceptance by its theorems, and the outcomes that docs/matching.md defines."""

import hashlib
import time
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from silian.engines.explain import verify
from silian.engines.matching import (
    OPEN,
    Market,
    MarketError,
    Position,
    draw_lottery,
    match,
    priority_classes,
    strict_order,
)
from silian.engines.tests.markets import granted, is_stable, rounds, students_propose


def solve(lists):
    market = lists.market()
    return granted(market, match(market))


@given(rounds())
def test_nobody_would_rather_have_each_other(lists):
    market = lists.market()
    matching = match(market)
    assert is_stable(lists, granted(market, matching))
    assert verify(market, matching) == []


@given(rounds(), st.sampled_from([0, 2, None]))
def test_it_equals_the_textbook(lists, hand_over):
    market = lists.market()
    assert granted(market, match(market, hand_over=hand_over)) == students_propose(lists)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_rounds_and_heaps_agree_on_larger_markets(seed):
    market = random_market(np.random.default_rng(seed), students=300, positions=20)
    rounds_only, heaps_only = match(market, hand_over=0), match(market, hand_over=10**9)
    assert rounds_only.rounds > 0 == heaps_only.rounds
    assert (rounds_only.assignment == heaps_only.assignment).all()
    assert (rounds_only.cutoffs == heaps_only.cutoffs).all()
    assert verify(market, rounds_only) == []


@given(rounds(), st.randoms())
def test_the_order_of_the_lists_is_irrelevant(lists, random):
    students, places = list(lists.wishes.items()), list(lists.positions.items())
    random.shuffle(students)
    random.shuffle(places)
    assert solve(replace(lists, wishes=dict(students), positions=dict(places))) == solve(lists)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_the_numbering_of_students_is_irrelevant(seed):
    rng = np.random.default_rng(seed)
    market = random_market(rng, students=100, positions=8)
    order = rng.permutation(100)
    edges = [np.arange(market.offsets[s], market.offsets[s + 1]) for s in order]
    moved = replace(
        market,
        offsets=np.cumsum([0, *map(len, edges)]),
        positions=market.positions[np.concatenate(edges)],
        priorities=market.priorities[np.concatenate(edges)],
        lottery=market.lottery[order],
    )
    assert (match(moved).assignment == match(market).assignment[order]).all()


@given(rounds(), st.data())
def test_one_more_place_hurts_no_student(lists, data):
    before = solve(lists)
    place = data.draw(st.sampled_from(sorted(lists.positions)))
    offer = lists.positions[place]
    lists.positions[place] = replace(offer, quota=offer.quota + 1)
    after = solve(lists)
    for student, wishes in lists.wishes.items():
        assert liking(wishes, after.get(student)) <= liking(wishes, before.get(student))


@given(rounds(students=4, positions=3))
@settings(max_examples=30, deadline=None)
def test_no_student_gains_by_other_wishes(lists):
    honest = solve(lists)
    places = list(lists.positions)
    reports = [order for count in range(len(places) + 1) for order in permutations(places, count)]
    for student, wishes in lists.wishes.items():
        for report in reports:
            got = solve(replace(lists, wishes={**lists.wishes, student: report})).get(student)
            assert liking(wishes, got) >= liking(wishes, honest.get(student))


def liking(wishes, position):
    """How far down the true wishes; what was not wished for is no better than nothing."""
    return wishes.index(position) if position in wishes else len(wishes)


def test_a_chain_of_ten_thousand_displacements_takes_no_second():
    chain = 10_000
    market = chain_market(chain)
    start = time.perf_counter()
    matching = match(market)
    assert time.perf_counter() - start < 1
    assert matching.assignment.tolist() == [*range(1, chain), -1, 0]


def chain_market(length):
    """Student i holds i until the last one takes 0; then each pushes on the next."""
    own = np.arange(length)
    positions = np.append(np.stack([own, own + 1], axis=1).ravel()[:-1], 0)
    priorities = np.append(np.tile([1, 0], length)[:-1], 0)
    offsets = np.append(np.append(2 * own, 2 * length - 1), 2 * length)
    return Market(np.ones(length, int), offsets, positions, priorities, np.arange(length + 1))


def random_market(rng, students, positions):
    wishes = [rng.permutation(positions)[: rng.integers(0, 7)] for _ in range(students)]
    edges = sum(map(len, wishes))
    points = rng.integers(0, 5, edges)
    priorities, points_bits = priority_classes(points, rng.integers(-1, 4, edges))
    priorities[rng.random(edges) < 0.05] = -1
    return Market(
        quotas=rng.integers(0, 2 * students // positions, positions),
        offsets=np.cumsum([0, *map(len, wishes)]),
        positions=np.concatenate(wishes).astype(np.int32),
        priorities=priorities,
        lottery=rng.permutation(students),
        points_bits=points_bits,
    )


# The lottery


def test_the_draw_is_the_order_of_sha256_and_repeats():
    ids = [f"s{i}" for i in range(50)]
    by_hand = sorted(ids, key=lambda i: hashlib.sha256(f"7:{i}".encode()).hexdigest())
    drawn = draw_lottery(7, ids)
    assert [ids[i] for i in np.argsort(drawn)] == by_hand
    assert (draw_lottery(7, ids) == drawn).all()
    assert (draw_lottery(8, ids) != drawn).any()


def test_a_position_without_ranking_lets_the_lottery_decide():
    wishes = {f"s{i}": ["p"] for i in range(20)}
    winners = set()
    for seed in range(40):
        market = Market.from_lists(wishes, {"p": Position(1)}, seed)
        (winner,) = granted(market, match(market))
        winners.add(winner)
    assert len(winners) > 5


# The outcomes that docs/matching.md defines


def test_more_places_than_applicants():
    market = Market.from_lists({"a": ["p"], "b": ["p"]}, {"p": Position(5)}, 1)
    matching = match(market)
    assert granted(market, matching) == {"a": "p", "b": "p"}
    assert matching.cutoffs.tolist() == [OPEN]


def test_a_student_without_wishes_gets_nothing():
    market = Market.from_lists({"a": [], "b": ["p"]}, {"p": Position(1)}, 1)
    assert granted(market, match(market)) == {"b": "p"}


def test_quota_nought_takes_nobody():
    market = Market.from_lists({"a": ["p", "q"]}, {"p": Position(0), "q": Position(1)}, 1)
    matching = match(market)
    assert granted(market, matching) == {"a": "q"}
    assert matching.cutoffs.tolist() == [-1, 0]


def test_a_position_that_takes_only_whom_it_ranked_and_ranked_nobody_takes_nobody():
    positions = {"p": Position(2, only_ranked=True)}
    market = Market.from_lists({"a": ["p"]}, positions, 1)
    assert granted(market, match(market)) == {}


def test_the_unranked_come_after_the_ranked_and_among_them_points_decide():
    positions = {"p": Position(2, ranking=["c"], points={"a": 10, "b": 20})}
    market = Market.from_lists({s: ["p"] for s in "abc"}, positions, 1)
    assert granted(market, match(market)) == {"b": "p", "c": "p"}


def test_ranked_without_a_wish_is_ignored_and_reported():
    market = Market.from_lists({"a": []}, {"p": Position(1, ranking=["a"])}, 1)
    assert market.ignored == (("p", "a"),)
    assert granted(market, match(market)) == {}


def test_every_fault_of_the_lists_is_named_at_once():
    with pytest.raises(MarketError) as caught:
        Market.from_lists(
            {"a": ["p", "nowhere", "p"]},
            {"p": Position(-1, ranking=["a", "a", "nobody"], points={"stranger": 1})},
            1,
            ineligible=[("ghost", "limbo")],
        )
    assert sorted(caught.value.args) == [
        "ineligible: unknown id 'ghost'",
        "ineligible: unknown id 'limbo'",
        "points of 'p': unknown id 'stranger'",
        "quota of 'p' is negative",
        "ranking of 'p': 'a' is listed twice",
        "ranking of 'p': unknown id 'nobody'",
        "wishes of 'a': 'p' is listed twice",
        "wishes of 'a': unknown id 'nowhere'",
    ]


def test_points_must_be_whole():
    with pytest.raises(MarketError, match="whole numbers"):
        Market.from_lists({"a": ["p"]}, {"p": Position(1, points={"a": 0.5})}, 1)


def test_nobody_and_nothing_is_a_market_too():
    for wishes, positions in (({}, {}), ({}, {"p": Position(1)}), ({"a": []}, {})):
        market = Market.from_lists(wishes, positions, 1)
        assert granted(market, match(market, hand_over=0)) == {}
        assert verify(market, match(market)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"priorities": np.array([0])}, "differ in length"),
        ({"offsets": np.array([0, 1])}, "offsets must be"),
        ({"offsets": np.array([0, 3, 2])}, "offsets must be"),
        ({"positions": np.array([0, 1])}, "names no position"),
        ({"quotas": np.array([-1])}, "negative"),
        ({"lottery": np.array([0, 0])}, "no permutation"),
        ({"priorities": np.array([0, 2**62])}, "63 bits"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, problem):
    good = Market.from_lists({"a": ["p"], "b": ["p"]}, {"p": Position(1)}, 1)
    with pytest.raises(MarketError, match=problem):
        replace(good, **change)


def test_ranks_and_points_too_wide_for_a_key_are_refused():
    with pytest.raises(MarketError, match="63 bits"):
        priority_classes(np.array([0, 2**40]), np.array([0, 2**30]))


def test_strict_keys_read_ranking_then_points_then_lottery():
    classes, points_bits = priority_classes(np.array([5, 9, 9, 0]), np.array([0, -1, -1, 0]))
    market = Market(
        quotas=np.array([1]),
        offsets=np.arange(5),
        positions=np.zeros(4, int),
        priorities=classes,
        lottery=np.array([3, 2, 1, 0]),
        points_bits=points_bits,
    )
    assert np.argsort(strict_order(market, np.arange(4))).tolist() == [0, 3, 2, 1]
