"""Keeping and counting a result: what each seat got, who got what, and all of it at a glance."""

from typing import Any

import numpy as np
from django.db import connection
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from silian.engines.matching import OPEN, Ints, Matching
from silian.governance.members.models import Membership
from silian.talent.fairness.report import report_of
from silian.talent.placement.market import Loaded
from silian.talent.placement.models import Run
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat

OUTCOMES = """
    INSERT INTO placement_outcome (run_id, seat_id, reserve_id, quota, applicants, filled,
        last_rank, last_points, last_draw, last_outside)
    SELECT %s, seat, nullif(reserve, 0), quota, applicants, filled, nullif(rank, -1) + 1,
        nullif(points, -1)::numeric / 100, nullif(draw, -1), outside <> 0
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::int[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::int[])
        AS part(seat, reserve, quota, applicants, filled, rank, points, draw, outside)"""
GRANTS = """
    INSERT INTO placement_grant (run_id, wish_id, reserve_id)
    SELECT %s, wish, nullif(reserve, 0) FROM unnest(%s::bigint[], %s::bigint[])
        AS granted(wish, reserve)"""


def store_outcomes(run: Run, loaded: Loaded, matching: Matching) -> None:
    """One row for each part of a seat, with the last one admitted where it is full."""
    market, parts = loaded.market, loaded.parts
    count = len(parts.seats)
    eligible = market.priorities >= 0
    held = matching.assignment[matching.assignment >= 0]
    last = np.full((4, count), -1, np.int64)  # rank, points, draw, outside
    student, edge, part = _last_admitted(loaded, matching)
    last[:, part] = (
        loaded.ranks[edge],
        np.maximum(loaded.claims[edge], 0),
        market.lottery[student],
        loaded.outside[edge],
    )
    last[3] = np.maximum(last[3], 0)
    columns = (
        loaded.seats[parts.seats],
        loaded.reserves[parts.reserves],
        parts.quotas,
        np.bincount(market.positions[eligible], minlength=count),
        np.bincount(held, minlength=count),
        *last,
    )
    _insert(OUTCOMES, run, columns)


def store_grants(run: Run, loaded: Loaded, matching: Matching) -> None:
    """One row for each student who is placed."""
    placed = np.flatnonzero(matching.wishes >= 0)
    edges = loaded.market.offsets[placed] + matching.wishes[placed]
    through = loaded.reserves[loaded.parts.reserves[matching.assignment[placed]]]
    _insert(GRANTS, run, (loaded.wishes[edges], through))


def _insert(query: str, run: Run, columns: tuple[Ints, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, [run.pk, *(column.tolist() for column in columns)])


def _last_admitted(loaded: Loaded, matching: Matching) -> tuple[Ints, Ints, Ints]:
    """The student, the edge and the part wherever a strict key is the cutoff of a full part."""
    market = loaded.market
    placed = np.flatnonzero(matching.wishes >= 0)
    edges = market.offsets[placed] + matching.wishes[placed]
    keys = (market.priorities[edges] << market.lottery_bits) | market.lottery[placed]
    parts = matching.assignment[placed]
    at_cutoff = keys == matching.cutoffs[parts]
    return placed[at_cutoff], edges[at_cutoff], parts[at_cutoff]


def summarise(found: Round, loaded: Loaded, matching: Matching) -> dict[str, Any]:
    """Counts of a result: by choice, by reason of not being placed, by group, by seat."""
    market, students = loaded.market, len(loaded.lists)
    placed = np.flatnonzero(matching.wishes >= 0)
    stated = np.diff(market.offsets) > 0
    owners = np.repeat(np.arange(students), np.diff(market.offsets))
    counted = np.zeros(students, bool)
    counted[owners[market.priorities >= 0]] = True
    without = matching.wishes < 0
    choices = _choices(loaded, matching)
    seats_open = np.zeros(len(loaded.seats), bool)
    seats_open[loaded.parts.seats[matching.cutoffs == OPEN]] = True
    return {
        "students": students,
        "wishes": int(_begins(loaded).sum()),
        "places": int(market.quotas.sum()),
        "placed": len(placed),
        "by_choice": np.bincount(choices).tolist()[1:],
        "unmatched": {
            "no_wish": int((without & ~stated).sum()),
            "none_counts": int((without & stated & ~counted).sum()),
            "passed_over": int((without & counted).sum()),
        },
        "seats": len(loaded.seats),
        "seats_open": int(seats_open.sum()),
        "silent": eligible_without_list(found),
        "short": _short(found, loaded, matching),
        "fairness": report_of(loaded.lists, choices),
    }


def _choices(loaded: Loaded, matching: Matching) -> Ints:
    """Which wish each student got, from 1, edges of one seat counting once; 0 for none."""
    market = loaded.market
    number = np.cumsum(_begins(loaded))
    placed = np.flatnonzero(matching.wishes >= 0)
    begins = market.offsets[placed]
    choices: Ints = np.zeros(len(loaded.lists), np.int64)
    choices[placed] = number[begins + matching.wishes[placed]] - number[begins] + 1
    return choices


def _begins(loaded: Loaded) -> Ints:
    """Where the edges of a wish begin: those of one wish stand together."""
    wishes = loaded.wishes
    return np.append(np.ones(min(len(wishes), 1), bool), wishes[1:] != wishes[:-1])


def _short(found: Round, loaded: Loaded, matching: Matching) -> int:
    """How many seats got fewer students than they need to run."""
    held = matching.assignment[matching.assignment >= 0]
    counts = np.bincount(loaded.parts.seats[held], minlength=len(loaded.seats))
    filled = dict(zip(loaded.seats.tolist(), counts.tolist(), strict=True))
    needing = found.seats.filter(minimum__gt=0).values_list("pk", "minimum")
    return sum(filled[seat] < least for seat, least in needing)


def short_of_minimum(run: Run) -> QuerySet[Seat]:
    """The seats that got fewer students than they need to run, with how many they got."""
    filled = Sum("outcomes__filled", filter=Q(outcomes__run=run))
    rows = run.round.seats.filter(minimum__gt=0).annotate(filled=Coalesce(filled, 0))
    return rows.filter(filled__lt=F("minimum")).select_related("position__organisation")


def eligible_without_list(found: Round) -> int:
    """How many students the round is meant for who never stated a wish."""
    members = Membership.objects.current().filter(consortium=found.consortium)
    meant = Student.objects.filter(
        school__in=members.values("organisation"), state=Student.State.ENROLLED
    )
    if found.graduates:
        meant = meant.filter(graduates=found.graduates)
    return meant.exclude(pk__in=found.wish_lists.values("student")).count()
