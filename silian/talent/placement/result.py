"""Counting a result: what each seat got, and what the secretariat sees at a glance."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from silian.engines.matching import OPEN, Matching
from silian.governance.members.models import Membership, Organisation
from silian.talent.placement.market import Loaded
from silian.talent.placement.models import Outcome, Run
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round
from silian.talent.wishes.models import WishList


def outcomes_of(run: Run, loaded: Loaded, matching: Matching) -> Iterator[Outcome]:
    """One outcome for each seat, with the last one admitted where it is full."""
    market = loaded.market
    applicants = np.bincount(market.positions, minlength=len(loaded.seats)).tolist()
    held = matching.assignment[matching.assignment >= 0]
    filled = np.bincount(held, minlength=len(loaded.seats)).tolist()
    last = _last_admitted(loaded, matching)
    for number, seat in enumerate(loaded.seats.tolist()):
        outcome = Outcome(
            run=run,
            seat_id=seat,
            quota=market.quotas.item(number),
            applicants=applicants[number],
            filled=filled[number],
        )
        if number in last:
            student, edge = last[number]
            rank = loaded.ranks.item(edge)
            outcome.last_rank = rank + 1 if rank >= 0 else None
            outcome.last_points = loaded.points[student]
            outcome.last_draw = market.lottery.item(student)
        yield outcome


def _last_admitted(loaded: Loaded, matching: Matching) -> dict[int, tuple[int, int]]:
    """The student and the edge whose strict key is the cutoff, for every seat that is full."""
    market = loaded.market
    placed = np.flatnonzero(matching.wishes >= 0)
    edges = market.offsets[placed] + matching.wishes[placed]
    keys = (market.priorities[edges] << market.lottery_bits) | market.lottery[placed]
    seats = matching.assignment[placed]
    at_cutoff = keys == matching.cutoffs[seats]
    rows = zip(seats[at_cutoff], placed[at_cutoff], edges[at_cutoff], strict=True)
    return {int(seat): (int(student), int(edge)) for seat, student, edge in rows}


def summarise(found: Round, loaded: Loaded, matching: Matching) -> dict[str, Any]:
    """Counts of a result: by choice, by reason of not being placed, by school, by seat."""
    market = loaded.market
    wishes = matching.wishes
    stated = np.diff(market.offsets) > 0
    owners = np.repeat(np.arange(len(wishes)), np.diff(market.offsets))
    counted = np.zeros(len(wishes), bool)
    counted[owners[market.priorities >= 0]] = True
    without = wishes < 0
    return {
        "students": len(wishes),
        "wishes": len(market.positions),
        "places": int(market.quotas.sum()),
        "placed": int((wishes >= 0).sum()),
        "by_choice": np.bincount(wishes[wishes >= 0] + 1).tolist()[1:],
        "unmatched": {
            "no_wish": int((without & ~stated).sum()),
            "none_counts": int((without & stated & ~counted).sum()),
            "passed_over": int((without & counted).sum()),
        },
        "seats": len(market.quotas),
        "seats_open": int((matching.cutoffs == OPEN).sum()),
        "silent": eligible_without_list(found),
        "schools": _by_school(found, loaded, matching),
    }


def eligible_without_list(found: Round) -> int:
    """How many students the round is meant for who never stated a wish."""
    members = Membership.objects.current().filter(consortium=found.consortium)
    meant = Student.objects.filter(
        school__in=members.values("organisation"), state=Student.State.ENROLLED
    )
    if found.graduates:
        meant = meant.filter(graduates=found.graduates)
    return meant.exclude(wish_lists__round=found).count()


def by_school(run: Run) -> list[dict[str, Any]]:
    """The counts of each school that a run's summary keeps, with its name in reading language."""
    counts = run.summary["schools"]
    schools = Organisation.objects.in_bulk([row["school"] for row in counts])
    return [row | {"name": schools[row["school"]].name} for row in counts]


def _by_school(found: Round, loaded: Loaded, matching: Matching) -> list[dict[str, int]]:
    rows = WishList.objects.filter(round=found).values_list("pk", "student__school")
    school_of = dict(rows)
    schools = [school_of[key] for key in loaded.lists.tolist()]
    everybody = Counter(schools)
    placed = Counter(
        school for school, wish in zip(schools, matching.wishes.tolist(), strict=True) if wish >= 0
    )
    return [
        {"school": school, "students": count, "placed": placed[school]}
        for school, count in sorted(everybody.items())
    ]
