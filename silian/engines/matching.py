"""Placement by student-proposing deferred acceptance with quotas, on arrays.

Everybody applies to the best position left to them; a full position keeps those it puts first and
passes the others over, until nobody moves. The result is stable, best for every student among all
stable results (Gale and Shapley, 1962), and no student gains by misstating their wishes (Dubins
and Freedman, 1981; Roth, 1982). Students, positions and wishes are numbers from 0: n, m and E of
them. One wish of one student is an "edge"; student s owns ``offsets[s]:offsets[s + 1]`` of them,
best first. ``docs/matching.md`` says more.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Pairs = Collection[tuple[str, str]]

INELIGIBLE = -1  # priority of a wish that a rule forbids
UNACCEPTABLE = -2  # priority of an unranked student where only the ranked are taken
OPEN = int(np.iinfo(np.int64).max)  # cutoff of a position with places left
KEY_BITS = 63  # position, ranking, points and lottery share one int64, so that one sort ranks all


class MarketError(ValueError):
    """The inputs contradict themselves; ``args`` lists every contradiction, not only the first."""


@dataclass(frozen=True)
class Position:
    """What one position offers and whom it puts first: its ranking, then points, then lottery."""

    quota: int
    ranking: Sequence[str] = ()  # student ids, best first; empty everywhere means points only
    only_ranked: bool = False  # whether it takes nobody whom it did not rank
    points: Mapping[str, int] = field(default_factory=dict)  # more is better; a missing one is 0


@dataclass(frozen=True, eq=False)
class Market:
    """Who wishes for what, and who comes first where.

    Integer arrays of any width; int32 saves memory. Raises MarketError when they do not fit."""

    quotas: Ints  # (m,) places, 0 or more
    offsets: Ints  # (n + 1,) where each student's wishes begin
    positions: Ints  # (E,) the position wished for
    priorities: Ints  # (E,) class there: lower comes first, equal is a tie, negative is out
    lottery: Ints  # (n,) a permutation of 0..n-1 that breaks every tie: lower comes first
    points_bits: int = 0  # how many low bits of a priority hold points: ``priority_classes``
    tier_width: int = 0  # how many ranks one tier of a reserve spans: ``reserving.place_tiers``
    seed: int = 0
    student_ids: tuple[str, ...] = ()
    position_ids: tuple[str, ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()  # (position, student) ranked without a wish

    def __post_init__(self) -> None:
        if problems := list(_misfits(self)):
            raise MarketError(*problems)

    @property
    def lottery_bits(self) -> int:
        return (len(self.lottery) - 1).bit_length()

    @property
    def place_shift(self) -> int:
        return KEY_BITS - max(len(self.quotas) - 1, 0).bit_length()

    @classmethod
    def from_lists(
        cls,
        wishes: Mapping[str, Sequence[str]],
        positions: Mapping[str, Position],
        seed: int,
        ineligible: Pairs = (),
    ) -> "Market":
        """Build a market from each student's wishes, best first, numbering everything by id.

        ``ineligible`` holds (student, position) pairs. Raises MarketError naming every unknown or
        repeated id and negative quota; ``docs/matching.md`` lists what becomes of all odd cases.
        """
        if problems := [*_list_faults(wishes, positions, ineligible)]:
            raise MarketError(*problems)
        students, places = tuple(sorted(wishes)), tuple(sorted(positions))
        pairs = [(student, place) for student in students for place in wishes[student]]
        rank = {(s, p): r for p in places for r, s in enumerate(positions[p].ranking)}
        out, number = set(ineligible), {place: i for i, place in enumerate(places)}
        ranks = np.array([rank.get(pair, -1) for pair in pairs], np.int64)
        points = np.array([positions[p].points.get(s, 0) for s, p in pairs])
        priorities, points_bits = priority_classes(points, ranks)
        only_ranked = np.array([positions[p].only_ranked for _, p in pairs], bool)
        priorities[only_ranked & (ranks < 0)] = UNACCEPTABLE
        priorities[np.array([pair in out for pair in pairs], bool)] = INELIGIBLE
        return cls(
            quotas=np.array([positions[place].quota for place in places], np.int64),
            offsets=np.cumsum([0, *(len(wishes[s]) for s in students)], dtype=np.int64),
            positions=np.array([number[place] for _, place in pairs], np.int32),
            priorities=priorities,
            lottery=draw_lottery(seed, students),
            points_bits=points_bits,
            seed=seed,
            student_ids=students,
            position_ids=places,
            ignored=tuple((p, s) for s, p in rank if p not in wishes[s]),
        )


@dataclass(frozen=True, eq=False)
class Matching:
    """Who got which place, and the cutoffs that prove it."""

    assignment: Ints  # (n,) int64 position, -1 for none
    wishes: Ints  # (n,) int64 which wish of the student that is, from 0; -1 for none
    cutoffs: Ints  # (m,) int64 strict key of the last one in; OPEN: places left; -1: quota 0
    rounds: int = 0  # vector rounds run; says nothing about the result


def draw_lottery(seed: int, student_ids: Sequence[str]) -> Ints:
    """Return (n,) int64, each student's place in the draw: 0 goes first.

    The order is that of SHA-256 of the UTF-8 text "seed:student id", lowest digest first, so that
    anybody can repeat it in any language. One draw serves all positions: the single tie-breaking
    of Abdulkadiroğlu, Pathak and Roth (2009).
    """
    digests = b"".join(hashlib.sha256(f"{seed}:{i}".encode()).digest() for i in student_ids)
    words = np.frombuffer(digests, ">u8").reshape(-1, 4)
    lottery = np.empty(len(student_ids), np.int64)
    lottery[np.lexsort(words.T[::-1])] = np.arange(len(student_ids))
    return lottery


def priority_classes(points: Ints, ranks: Ints | None = None) -> tuple[Ints, int]:
    """Return (E,) int64 priorities and how many low bits of them hold points; both inputs are (E,).

    With ``ranks`` (lower is better, negative is unranked): ranking first, the unranked after all
    ranked, then points. Without: points only. More points come first; they are whole numbers of
    the smallest unit the rule knows, such as hundredths. Mark edges that are out afterwards.
    Raises MarketError on fractions and when ranks and points need more than 63 bits.
    """
    if points.size and points.dtype.kind not in "iu":
        raise MarketError("points must be whole numbers of the smallest unit")
    top, low = (int(points.max()), int(points.min())) if points.size else (0, 0)
    points_bits = (top - low).bit_length()
    unranked = 0 if ranks is None else int(ranks.max(initial=-1)) + 1
    if points_bits + unranked.bit_length() > KEY_BITS:
        raise MarketError("ranks and points together need more than 63 bits")
    classes: Ints = top - points.astype(np.int64)
    if ranks is not None:
        classes += np.where(ranks < 0, unranked, ranks).astype(np.int64) << points_bits
    return classes, points_bits


def strict_order(market: Market, students: Ints, edges: Ints | slice = slice(None)) -> Ints:
    """Return each edge's int64 sortable key, lower first; ``students`` own the ``edges``, one each.

    From high bits to low: ranking, points, lottery. Two keys at one position never tie, and the
    highest field that differs is what decided. Edges that are out keep their negative priority.
    """
    priorities = market.priorities[edges].astype(np.int64)
    keys = (priorities << market.lottery_bits) | market.lottery[students]
    return np.where(priorities < 0, priorities, keys)


def students_by_lottery(market: Market) -> Ints:
    """Return (n,) int64: which student drew each lottery number."""
    students = np.empty(len(market.lottery), np.int64)
    students[market.lottery] = np.arange(len(students))
    return students


def cutoffs_of(market: Market, assignment: Ints, edges: Ints) -> Ints:
    """Return (m,) int64 cutoffs as in ``Matching``; ``edges`` (n,) is the edge a student holds."""
    placed = np.flatnonzero(assignment >= 0)
    held = assignment[placed]
    last = np.full(len(market.quotas), -1, np.int64)
    np.maximum.at(last, held, strict_order(market, placed, edges[placed]))
    return np.where(np.bincount(held, minlength=len(last)) >= market.quotas, last, OPEN)


def match(market: Market, *, hand_over: int | None = None) -> Matching:
    """Return the student-optimal stable matching in O(E log E) and little memory of its own.

    Crowds move in vector rounds. A round costs the same however few still move, so from
    ``hand_over`` students down a heap for each position takes the rest one by one; otherwise a long
    chain of displacements would take time in n². The result does not depend on ``hand_over``.
    """
    desk = _Desk(market)
    few = 32 + len(market.lottery) // 1000 if hand_over is None else hand_over
    crowd: tuple[Ints, Ints] = np.arange(len(market.lottery)), np.empty(0, np.int64)
    rounds = 0
    while crowd[0].size > few:
        crowd = desk.round(*crowd)
        rounds += 1
    desk.one_by_one(*crowd)
    placed = desk.wish < market.offsets[1:]
    assignment = np.full(len(placed), -1, np.int64)
    assignment[placed] = market.positions[desk.wish[placed]]
    wishes = np.where(placed, desk.wish - market.offsets[:-1], -1)
    return Matching(assignment, wishes, cutoffs_of(market, assignment, desk.wish), rounds)


class _Desk:
    """Takes applications. An application is a strict key with its position in the top bits."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.wish: Ints = market.offsets[:-1].astype(np.int64)  # the edge each student is at
        self.by_lottery = students_by_lottery(market)
        self.limit = np.where(market.quotas > 0, OPEN, -1)  # what an application must beat

    def round(self, active: Ints, held: Ints) -> tuple[Ints, Ints]:
        """Let all active students apply once; return those passed over and all that is held."""
        market = self.market
        active = active[self.wish[active] < market.offsets[active + 1]]
        edges = self.wish[active]
        place = market.positions[edges].astype(np.int64)
        keys = strict_order(market, active, edges)
        sent = (place << market.place_shift) | keys
        hopeful = (keys >= 0) & (sent < self.limit[place])
        again = np.isin(held >> market.place_shift, place[hopeful], kind="table")
        kept, refused = self.select(np.sort(np.concatenate([held[again], sent[hopeful]])))
        back = self.by_lottery[refused & ((1 << market.lottery_bits) - 1)]
        active = np.concatenate([active[~hopeful], back])
        self.wish[active] += 1
        return active, np.concatenate([held[~again], kept])

    def select(self, pool: Ints) -> tuple[Ints, Ints]:
        """Split sorted applications into those within the quotas and the rest; tighten limits."""
        place = pool >> self.market.place_shift
        first = np.flatnonzero(np.diff(place, prepend=-1))
        rank = np.arange(pool.size) - np.repeat(first, np.diff(np.append(first, pool.size)))
        quota = self.market.quotas[place]
        last = rank == quota - 1
        self.limit[place[last]] = pool[last]
        return pool[rank < quota], pool[rank >= quota]

    def one_by_one(self, active: Ints, held: Ints) -> None:
        """Follow each student, and whom they displace, to the end of the chain."""
        market, wish, shift = self.market, self.wish, self.market.place_shift
        held = np.sort(held)
        starts = np.searchsorted(held >> shift, np.arange(len(self.limit) + 1))
        heaps: dict[int, list[int]] = {}
        for student in active.tolist():
            free = student
            while (edge := wish.item(free)) < market.offsets.item(free + 1):
                place, priority = market.positions.item(edge), market.priorities.item(edge)
                sent = place << shift | priority << market.lottery_bits | market.lottery.item(free)
                if priority >= 0 and sent < self.limit.item(place):
                    if place not in heaps:  # worst first, negated: a heap that gives up the worst
                        here = held[starts[place] : starts[place + 1]]
                        heaps[place] = (-here[::-1]).tolist()
                    if len(heaps[place]) < market.quotas.item(place):
                        heappush(heaps[place], -sent)
                        break
                    last = -heappushpop(heaps[place], -sent)
                    free = self.by_lottery.item(last & ((1 << market.lottery_bits) - 1))
                wish[free] += 1


def _misfits(market: Market) -> Iterator[str]:
    edges, n, m = len(market.positions), len(market.lottery), len(market.quotas)
    if len(market.priorities) != edges:
        yield "positions and priorities differ in length"
    ends = market.offsets
    if len(ends) != n + 1 or ends[0] != 0 or ends[-1] != edges or (np.diff(ends) < 0).any():
        yield "offsets must be n + 1 numbers that rise from 0 to the number of wishes"
    if edges and not (market.positions.min() >= 0 and market.positions.max() < m):
        yield "a wish names no position"
    if (market.quotas < 0).any():
        yield "a quota is negative"
    if (np.sort(market.lottery) != np.arange(n)).any():
        yield "the lottery is no permutation of the students"
    highest = int(market.priorities.max(initial=0))
    if highest.bit_length() + market.lottery_bits > market.place_shift:
        yield "position, priority and lottery need more than 63 bits: number the priorities densely"


def _list_faults(
    wishes: Mapping[str, Sequence[str]], positions: Mapping[str, Position], out: Pairs
) -> Iterator[str]:
    """Name the ids that nobody knows, those listed twice by one owner, and negative quotas."""
    lists: list[tuple[str, Iterable[str], Collection[str]]] = [
        *((f"wishes of {s!r}", listed, positions) for s, listed in wishes.items()),
        *((f"ranking of {p!r}", position.ranking, wishes) for p, position in positions.items()),
        *((f"points of {p!r}", position.points, wishes) for p, position in positions.items()),
        ("ineligible", {s for s, _ in out}, wishes),
        ("ineligible", {p for _, p in out}, positions),
    ]
    for what, listed, known in lists:
        for item, times in Counter(iter(listed)).items():
            if item not in known:
                yield f"{what}: unknown id {item!r}"
            if times > 1:
                yield f"{what}: {item!r} is listed twice"
    yield from (f"quota of {p!r} is negative" for p, it in positions.items() if it.quota < 0)
