"""What lets others trust a matching: proofs, each student's explanation, and a bundle to publish.

Proofs come from one cutoff for each position, so they cost about as much as reading the wishes.
Nothing here names another person: a student learns what decided, never who was put first.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from silian.engines.bundling import table, wish_table
from silian.engines.matching import (
    INELIGIBLE,
    OPEN,
    Ints,
    Market,
    Matching,
    cutoffs_of,
    draw_lottery,
    strict_order,
    students_by_lottery,
)

BLOCK = 1 << 15  # students looked at together, which keeps memory small
BUNDLE_FORMAT = "silian-matching/1"


class Fault(StrEnum):
    NOT_WISHED = "not wished"
    NOT_ELIGIBLE = "not eligible"
    OVER_QUOTA = "over quota"
    WRONG_CUTOFF = "wrong cutoff"
    BLOCKING_PAIR = "blocking pair"  # both would rather have each other


@dataclass(frozen=True)
class Violation:
    fault: Fault
    position: int
    student: int = -1  # -1 where the fault is the position's alone


class Outcome(StrEnum):
    HELD = "held"
    PASSED_OVER = "passed over"
    NOT_REACHED = "not reached"  # a better wish was given
    NOT_ELIGIBLE = "not eligible"
    NOT_RANKED = "not ranked"  # the position takes only whom it ranked
    NO_PLACES = "no places"  # quota 0


class Reason(StrEnum):
    RANKING = "ranking"
    POINTS = "points"
    LOTTERY = "lottery"
    RESERVE = "reserve"  # the places were for others first


@dataclass(frozen=True)
class WishOutcome:
    """What became of one wish; the last three fields speak of a wish that was passed over."""

    wish: int  # from 0, best first
    position: int
    outcome: Outcome
    holders: int = 0  # how many hold a place there, all of whom come before this student
    decided_by: Reason | None = None  # what put the last of the holders before this student
    points_short: int = 0  # by how much, where points decided, in the unit of the points


def verify(market: Market, matching: Matching) -> list[Violation]:
    """Return everything that is wrong with a matching; an empty list proves it stable.

    False places are returned alone, because cutoffs mean nothing while there are any. A blocking
    pair is a student who wants a position more than what they hold and comes before its cutoff.
    """
    if false_places := list(_false_places(market, matching)):
        return false_places
    edges = _held_edges(market, matching)
    held = matching.assignment[matching.assignment >= 0]
    over = np.bincount(held, minlength=len(market.quotas)) > market.quotas
    cutoffs = cutoffs_of(market, matching.assignment, edges)
    wrong = cutoffs != matching.cutoffs
    found = [Violation(Fault.OVER_QUOTA, p) for p in np.flatnonzero(over).tolist()]
    found += [Violation(Fault.WRONG_CUTOFF, p) for p in np.flatnonzero(wrong).tolist()]
    for students, positions, keys in _envied(market, edges):
        blocking = np.flatnonzero(keys < cutoffs[positions])
        pairs = zip(positions[blocking].tolist(), students[blocking].tolist(), strict=True)
        found += [Violation(Fault.BLOCKING_PAIR, p, s) for p, s in pairs]
    return found


def _false_places(market: Market, matching: Matching) -> Iterator[Violation]:
    wishes, assignment = matching.wishes, matching.assignment
    wished = (wishes >= -1) & (wishes < np.diff(market.offsets))
    wished &= (wishes >= 0) == (assignment >= 0)
    placed = np.flatnonzero(wished & (wishes >= 0))
    edges = market.offsets[placed] + wishes[placed]
    wished[placed] = market.positions[edges] == assignment[placed]
    for student in np.flatnonzero(~wished).tolist():
        yield Violation(Fault.NOT_WISHED, int(assignment[student]), student)
    for student in placed[market.priorities[edges] < 0].tolist():
        yield Violation(Fault.NOT_ELIGIBLE, int(assignment[student]), student)


def _held_edges(market: Market, matching: Matching) -> Ints:
    """Return (n,) the edge each student holds, or one past their last if they hold none."""
    held: Ints = market.offsets[:-1] + matching.wishes
    return np.where(matching.wishes >= 0, held, market.offsets[1:])


def _envied(market: Market, held: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield students, positions and strict keys of the eligible edges better than those held."""
    for first in range(0, len(held), BLOCK):
        bounds = market.offsets[first : first + BLOCK + 1]
        students = np.repeat(np.arange(first, first + len(bounds) - 1), np.diff(bounds))
        edges = np.arange(bounds[0], bounds[-1])
        better = (edges < held[students]) & (market.priorities[bounds[0] : bounds[-1]] >= 0)
        students, edges = students[better], edges[better]
        yield students, market.positions[edges], strict_order(market, students, edges)


def is_student_optimal(market: Market, matching: Matching) -> bool:
    """Return whether a stable matching is the best one for all students; check with verify first.

    Let each position point to what its best-ranked envious student holds. Around a cycle of these
    pointers everybody could move to a wish they prefer and the result would stay stable; without
    one nobody can (rotations: Gusfield and Irving, 1989, chapter 2).
    """
    best = np.full(len(market.quotas), OPEN, np.int64)
    for _, positions, keys in _envied(market, _held_edges(market, matching)):
        np.minimum.at(best, positions, keys)
    envied = np.flatnonzero(best < OPEN)
    students = students_by_lottery(market)[best[envied] & ((1 << market.lottery_bits) - 1)]
    pointer = dict(zip(envied.tolist(), matching.assignment[students].tolist(), strict=True))
    walked: dict[int, int] = {}  # position → the walk that first came through it
    for start in pointer:
        here = start
        while here in pointer and here not in walked:
            walked[here] = start
            here = pointer[here]
        if walked.get(here) == start:
            return False
    return True


def explain(market: Market, matching: Matching, student: int) -> tuple[WishOutcome, ...]:
    """Return what became of each wish of one student, in their order.

    Wants a matching that verify found no fault with; raises ValueError where it meets one.
    """
    count = int(market.offsets[student + 1] - market.offsets[student])
    return tuple(_outcome(market, matching, student, wish) for wish in range(count))


def _outcome(market: Market, matching: Matching, student: int, wish: int) -> WishOutcome:
    edge, held = int(market.offsets[student]) + wish, int(matching.wishes[student])
    position, priority = int(market.positions[edge]), int(market.priorities[edge])
    key = priority << market.lottery_bits | int(market.lottery[student])
    cutoff = int(matching.cutoffs[position])
    if priority < 0:
        out = Outcome.NOT_ELIGIBLE if priority == INELIGIBLE else Outcome.NOT_RANKED
        return WishOutcome(wish, position, out)
    if wish == held:
        return WishOutcome(wish, position, Outcome.HELD)
    if 0 <= held < wish:
        return WishOutcome(wish, position, Outcome.NOT_REACHED)
    if cutoff < 0:
        return WishOutcome(wish, position, Outcome.NO_PLACES)
    if key <= cutoff:
        raise ValueError("the matching is not stable: see verify")
    reason, short = _what_decided(market, cutoff, key)
    holders = int(market.quotas[position])
    return WishOutcome(wish, position, Outcome.PASSED_OVER, holders, reason, short)


def _what_decided(market: Market, before: int, after: int) -> tuple[Reason, int]:
    """Return the highest field in which two strict keys differ, and the points between them."""
    before, after = before >> market.lottery_bits, after >> market.lottery_bits
    ranks = before >> market.points_bits, after >> market.points_bits
    if market.tier_width and ranks[0] // market.tier_width != ranks[1] // market.tier_width:
        return Reason.RESERVE, 0
    if ranks[0] != ranks[1]:
        return Reason.RANKING, 0
    return (Reason.POINTS, after - before) if before != after else (Reason.LOTTERY, 0)


def digest(market: Market) -> str:
    """Return the SHA-256, in hex, of a market: equal inputs give an equal digest on any machine.

    It covers a line of JSON with the sizes, seed and ids, then quotas, offsets, positions,
    priorities and lottery as little-endian 64-bit integers.
    """
    arrays = (market.quotas, market.offsets, market.positions, market.priorities, market.lottery)
    head = {
        "format": BUNDLE_FORMAT,
        "sizes": [len(array) for array in arrays],
        "points_bits": market.points_bits,
        "seed": market.seed,
        "students": market.student_ids,
        "positions": market.position_ids,
    }
    total = hashlib.sha256(json.dumps(head, sort_keys=True).encode() + b"\n")
    for array in arrays:
        for first in range(0, len(array), BLOCK):
            total.update(array[first : first + BLOCK].astype("<i8").tobytes())
    return total.hexdigest()


def write_bundle(market: Market, matching: Matching) -> dict[str, str]:
    """Return the files of a public bundle, name → text; needs ``student_ids`` and ``position_ids``.

    Students appear only as the ids the lottery was drawn with, so those must be pseudonyms. In
    place of rankings and points stands each student's class at the position: 1 comes first, equal
    classes go to the lottery, and empty is out. ``verify_bundle.py`` reads and checks the bundle.
    """
    students, places = market.student_ids, market.position_ids
    given = zip(students, matching.assignment.tolist(), strict=True)
    files = {
        "inputs.csv": wish_table(market),
        "positions.csv": table(
            ("position", "quota"), zip(places, market.quotas.tolist(), strict=True)
        ),
        "result.csv": table(
            ("student", "position"), ((s, places[p] if p >= 0 else "") for s, p in given)
        ),
    }
    about = {
        "format": BUNDLE_FORMAT,
        "seed": str(market.seed),
        "inputs_digest": digest(market),
        "sha256": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
    }
    return {**files, "round.json": json.dumps(about, indent=2) + "\n"}


def read_bundle(files: Mapping[str, str]) -> tuple[Market, Matching]:
    """Return market and matching as published, with classes for priorities; ask verify next.

    Raises KeyError for a missing file or an unknown id.
    """
    wishes, offers, given = (
        [*csv.DictReader(io.StringIO(files[name]))]
        for name in ("inputs.csv", "positions.csv", "result.csv")
    )
    seed = int(json.loads(files["round.json"])["seed"])
    student = {row["student"]: i for i, row in enumerate(given)}
    place = {"": -1, **{row["position"]: i for i, row in enumerate(offers)}}
    owners = np.array([student[row["student"]] for row in wishes], np.int64)
    order = np.argsort(owners, kind="stable")
    owners = owners[order]
    market = Market(
        quotas=np.array([int(row["quota"]) for row in offers], np.int64),
        offsets=np.searchsorted(owners, np.arange(len(student) + 1)),
        positions=np.array([place[row["position"]] for row in wishes], np.int32)[order],
        priorities=np.array([int(row["class"] or INELIGIBLE) for row in wishes], np.int64)[order],
        lottery=draw_lottery(seed, [*student]),
        seed=seed,
        student_ids=tuple(student),
        position_ids=tuple(place)[1:],
    )
    assignment = np.array([place[row["position"]] for row in given], np.int64)
    held = np.flatnonzero(market.positions == assignment[owners])
    number = np.full(len(student), -1)
    number[owners[held]] = held - market.offsets[owners[held]]
    matching = Matching(assignment, number, np.empty(0, np.int64))
    cutoffs = cutoffs_of(
        market, np.where(number < 0, -1, assignment), _held_edges(market, matching)
    )
    return market, replace(matching, cutoffs=cutoffs)
