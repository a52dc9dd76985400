"""Small random rounds, and the slow, obvious ways to solve and judge them."""

import hashlib
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from hypothesis import strategies as st

from silian.engines.matching import Market, Matching, Position, cutoffs_of


@dataclass
class Lists:
    wishes: dict
    positions: dict
    seed: int = 1
    ineligible: set = field(default_factory=set)

    def market(self):
        return Market.from_lists(self.wishes, self.positions, self.seed, self.ineligible)

    def takes(self, student, position):
        offer = self.positions[position]
        ranked = student in offer.ranking or not offer.only_ranked
        return ranked and (student, position) not in self.ineligible

    def key(self, student, position):
        """Smaller comes first: ranking, points, lottery."""
        offer = self.positions[position]
        ranked = offer.ranking.index(student) if student in offer.ranking else len(offer.ranking)
        number = hashlib.sha256(f"{self.seed}:{student}".encode()).hexdigest()
        # ranks are compared between students of one position, so any number above all will do
        return ranked, -offer.points.get(student, 0), number


def some_of(items):
    return st.permutations(items).flatmap(
        lambda order: st.integers(0, len(order)).map(lambda count: order[:count])
    )


@st.composite
def rounds(draw, students=7, positions=4):
    people = [f"s{i}" for i in range(draw(st.integers(1, students)))]
    places = [f"p{i}" for i in range(draw(st.integers(1, positions)))]
    points = st.dictionaries(st.sampled_from(people), st.integers(-2, 2))
    offer = st.builds(Position, st.integers(0, 3), some_of(people), st.booleans(), points)
    pairs = st.sampled_from(list(product(people, places)))
    return Lists(
        {person: draw(some_of(places)) for person in people},
        {place: draw(offer) for place in places},
        draw(st.integers(0, 5)),
        draw(st.sets(pairs, max_size=3)),
    )


def students_propose(lists):
    held = {position: [] for position in lists.positions}
    left = {student: list(wishes) for student, wishes in lists.wishes.items()}
    free = list(left)
    while free:
        student = free.pop()
        while left[student]:
            position = left[student].pop(0)
            if lists.takes(student, position):
                order = sorted([*held[position], student], key=lambda s: lists.key(s, position))
                quota = lists.positions[position].quota
                held[position] = order[:quota]
                free += order[quota:]
                break
    return {student: position for position, holders in held.items() for student in holders}


def positions_propose(lists):
    got = {}
    asked = set()
    while True:
        offers = [
            (student, position)
            for position, offer in lists.positions.items()
            for student in best_not_asked(lists, position, offer.quota, got, asked)
        ]
        if not offers:
            return got
        for student, position in offers:
            asked.add((student, position))
            wishes = lists.wishes[student]
            if student not in got or wishes.index(position) < wishes.index(got[student]):
                got[student] = position


def best_not_asked(lists, position, quota, got, asked):
    free = quota - sum(held == position for held in got.values())
    willing = [
        student
        for student, wishes in lists.wishes.items()
        if position in wishes
        and lists.takes(student, position)
        and (student, position) not in asked
    ]
    return sorted(willing, key=lambda s: lists.key(s, position))[:free]


def is_stable(lists, got):
    """By definition, for each pair; ``got`` holds only wishes that may be granted."""
    holders = {p: [s for s, held in got.items() if held == p] for p in lists.positions}
    if any(len(holders[p]) > offer.quota for p, offer in lists.positions.items()):
        return False
    for student, wishes in lists.wishes.items():
        better = wishes[: wishes.index(got[student])] if student in got else wishes
        for p in better:
            wanted = len(holders[p]) < lists.positions[p].quota or any(
                lists.key(student, p) < lists.key(other, p) for other in holders[p]
            )
            if wanted and lists.takes(student, p):
                return False
    return True


def every_assignment(lists):
    """All ways to grant each student one wish that may be granted, or none."""
    options = [
        [None, *(p for p in wishes if lists.takes(student, p))]
        for student, wishes in lists.wishes.items()
    ]
    for choice in product(*options):
        yield {s: p for s, p in zip(lists.wishes, choice, strict=True) if p is not None}


def granted(market, matching):
    """Student id → position id, for those placed."""
    return {
        market.student_ids[s]: market.position_ids[p]
        for s, p in enumerate(matching.assignment.tolist())
        if p >= 0
    }


def as_matching(lists, market, got):
    students, places = market.student_ids, market.position_ids
    assignment = np.array([places.index(got[s]) if s in got else -1 for s in students], np.int64)
    wishes = [lists.wishes[s].index(got[s]) if s in got else -1 for s in students]
    edges = market.offsets[:-1] + np.array(wishes, np.int64)
    return Matching(assignment, np.array(wishes, np.int64), cutoffs_of(market, assignment, edges))
