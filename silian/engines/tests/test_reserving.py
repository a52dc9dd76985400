"""Reserves and replacements by their theorems, on small markets."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from silian.engines import verify_bundle
from silian.engines.explain import (
    Outcome,
    Reason,
    explain,
    is_student_optimal,
    verify,
    write_bundle,
)
from silian.engines.matching import Market, draw_lottery, match, priority_classes
from silian.engines.replacing import fill
from silian.engines.reserving import OPEN_PART, close_hard, divide, place_tiers, split_wishes

SEEDS = range(30)


def ids(count: int) -> tuple[str, ...]:
    return tuple(f"{number:03}" for number in range(count))


def make_market(seed: int, *, hard: bool) -> tuple[Market, np.ndarray, np.ndarray]:
    """A random market with a reserve at most seats; the parts' seats, and who is a member."""
    chance = np.random.default_rng(seed)
    students, seats = 16, 5
    quotas = chance.integers(0, 4, seats)
    lists = [chance.permutation(seats)[: chance.integers(0, seats + 1)] for _ in range(students)]
    offsets = np.append(0, np.cumsum([len(it) for it in lists]))
    positions = np.concatenate(lists).astype(np.int64)
    parts = divide(quotas, np.arange(seats), chance.integers(1, 3, seats))
    split = split_wishes(parts, positions, offsets)
    owners = np.repeat(np.arange(students), np.diff(split.offsets))
    members = chance.random(students) < 0.4
    outside = (parts.reserves[split.parts] != OPEN_PART) & ~members[owners]
    points = chance.integers(60, 70, students)
    ranks, width = place_tiers(np.full(len(owners), -1), outside.astype(np.int64))
    classes, bits = priority_classes(points[owners], ranks)
    if hard:
        close_hard(classes, outside)
    names = tuple(
        f"{seat}" if reserve == OPEN_PART else f"{seat}/1"
        for seat, reserve in zip(parts.seats.tolist(), parts.reserves.tolist(), strict=True)
    )
    market = Market(
        quotas=parts.quotas,
        offsets=split.offsets,
        positions=split.parts,
        priorities=classes,
        lottery=draw_lottery(seed, ids(students)),
        points_bits=bits,
        tier_width=width,
        seed=seed,
        student_ids=ids(students),
        position_ids=names,
    )
    return market, parts.seats, members


def test_parts_never_exceed_the_quota_and_stand_in_order() -> None:
    parts = divide(np.array([3, 0, 2]), np.array([0, 0, 1, 2]), np.array([2, 2, 1, 1]))
    assert parts.seats.tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert parts.reserves.tolist() == [0, 1, OPEN_PART, 2, OPEN_PART, 3, OPEN_PART]
    assert parts.quotas.tolist() == [2, 1, 0, 0, 0, 1, 1]


def test_a_wish_is_one_for_all_parts_in_their_order() -> None:
    parts = divide(np.array([2, 1]), np.array([0]), np.array([1]))
    split = split_wishes(parts, np.array([1, 0, 0]), np.array([0, 2, 2, 3]))
    assert split.parts.tolist() == [2, 0, 1, 0, 1]
    assert split.wishes.tolist() == [0, 1, 1, 2, 2]
    assert split.offsets.tolist() == [0, 3, 3, 5]


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_outsider_takes_a_place_that_a_member_claims(seed: int, hard: bool) -> None:
    market, _seats, members = make_market(seed, hard=hard)
    matching = match(market)
    assert verify(market, matching) == []
    assert is_student_optimal(market, matching)
    for student in np.flatnonzero(members):
        first, last = market.offsets[student], market.offsets[student + 1]
        held = matching.wishes[student]
        for edge in range(first, last if held < 0 else first + held):
            part = market.positions[edge]
            if market.position_ids[part].endswith("/1"):
                inside = np.flatnonzero(matching.assignment == part)
                assert members[inside].all()
                assert len(inside) == market.quotas[part]
    outsiders = np.flatnonzero(~members & (matching.assignment >= 0))
    in_reserve = [market.position_ids[matching.assignment[s]].endswith("/1") for s in outsiders]
    assert not (hard and any(in_reserve))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_soft_reserve_leaves_no_place_empty_that_anybody_wants(seed: int) -> None:
    market, _seats, _members = make_market(seed, hard=False)
    matching = match(market)
    for student in range(len(market.lottery)):
        first, last = market.offsets[student], market.offsets[student + 1]
        held = matching.wishes[student]
        for edge in range(first, last if held < 0 else first + held):
            part = market.positions[edge]
            assert (matching.assignment == part).sum() == market.quotas[part]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_wish_order_of_seats_decides_alone_what_a_student_gets(seed: int) -> None:
    """Strategy-proof on seats: no other order of the same seats gives a better seat."""
    market, seats, _members = make_market(seed, hard=True)
    student = seed % len(market.lottery)
    first, last = market.offsets[student], market.offsets[student + 1]
    mine = market.positions[first:last]
    truth = list(dict.fromkeys(seats[mine].tolist()))
    honest = match(market).assignment[student]
    best = truth.index(seats[honest]) if honest >= 0 else len(truth)
    for shift in range(1, len(truth)):
        order = np.concatenate(
            [np.flatnonzero(seats[mine] == seat) for seat in truth[shift:] + truth[:shift]]
        )
        positions, priorities = market.positions.copy(), market.priorities.copy()
        positions[first:last] = mine[order]
        priorities[first:last] = market.priorities[first:last][order]
        lied = match(replace(market, positions=positions, priorities=priorities))
        got = lied.assignment[student]
        assert (truth.index(seats[got]) if got >= 0 else len(truth)) >= best


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_script_confirms_reserves_and_finds_parts_out_of_order(
    seed: int, hard: bool, tmp_path: Path
) -> None:
    market, _seats, _members = make_market(seed, hard=hard)
    for name, text in write_bundle(market, match(market)).items():
        (tmp_path / name).write_text(text)
    check = [sys.executable, "-I", verify_bundle.__file__, str(tmp_path)]
    assert subprocess.run(check, check=False, capture_output=True).returncode == 0
    inputs = tmp_path / "inputs.csv"
    head, *lines = inputs.read_text().splitlines()
    lines[0], lines[1] = lines[1], lines[0]
    inputs.write_text("\n".join([head, *lines, ""]))
    told = subprocess.run(check, check=False, capture_output=True, text=True)
    assert told.returncode == 1
    assert "parts of" in told.stdout


def test_an_outsider_is_told_that_the_places_were_for_others() -> None:
    ranks, width = place_tiers(np.full(2, -1), np.array([0, 1]))
    classes, bits = priority_classes(np.array([60, 90]), ranks)
    market = Market(
        quotas=np.array([1]),
        offsets=np.array([0, 1, 2]),
        positions=np.array([0, 0]),
        priorities=classes,
        lottery=np.array([0, 1]),
        points_bits=bits,
        tier_width=width,
    )
    (told,) = explain(market, match(market), 1)
    assert (told.outcome, told.decided_by) == (Outcome.PASSED_OVER, Reason.RESERVE)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_vacancy_chain_ends_stable_and_hurts_nobody(seed: int) -> None:
    market, _seats, _members = make_market(seed, hard=False)
    matching = match(market)
    placed = np.flatnonzero(matching.wishes >= 0)
    if not placed.size:
        return
    leaver = int(placed[seed % placed.size])
    gone = np.arange(len(market.lottery)) == leaver
    freed = int(matching.assignment[leaver])
    held = np.where(gone, -1, matching.wishes)
    moves = fill(market, held, [freed], gone)
    after = held.copy()
    for move in moves:
        assert after[move.student] == move.left
        assert move.left < 0 or move.wish < move.left
        after[move.student] = move.wish
    rest = market.priorities.copy()
    rest[market.offsets[leaver] : market.offsets[leaver + 1]] = -1
    without = replace(market, priorities=rest)
    again = match(without)
    held_edges = market.offsets[:-1] + after
    assignment = np.where(after >= 0, market.positions[np.minimum(held_edges, len(rest) - 1)], -1)
    filled = replace(again, assignment=assignment, wishes=after)
    faults = [it for it in verify(without, filled) if it.fault != "wrong cutoff"]
    assert faults == []
