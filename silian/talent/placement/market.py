"""From the rows of a round to the arrays of the engine, and nothing else.

The database packs rows into bytes, so that a round of a million wishes is read in a second: Python
never holds a wish, only NumPy does.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection

from silian.engines.matching import (
    INELIGIBLE,
    UNACCEPTABLE,
    Ints,
    Market,
    draw_lottery,
    priority_classes,
)
from silian.engines.reserving import (
    OPEN_PART,
    Parts,
    Split,
    close_hard,
    divide,
    place_tiers,
    split_wishes,
)
from silian.industry.demand.models import Position
from silian.talent.criteria.models import Reserve
from silian.talent.rounds.models import Round

Rows = npt.NDArray[np.void]
Bools = npt.NDArray[np.bool]

LISTS = """
    SELECT string_agg(
        int8send(id) || int4send(coalesce((points * 100)::int, -1))
            || convert_to(rpad(code, 8), 'UTF8'),
        ''::bytea)
    FROM wishes_wishlist WHERE round_id = %s"""
LIST = np.dtype([("key", ">i8"), ("points", ">i4"), ("code", "S8")])
WISHES = """
    SELECT string_agg(
        int8send(w.id) || int8send(w.list_id) || int8send(w.seat_id) || int2send(w."order"::int2)
            || int4send(coalesce(w.rank, 0)) || int4send(coalesce((w.score * 100)::int, 0))
            || int2send((w.refused::int + 2 * (w.barred <> '')::int)::int2),
        ''::bytea)
    FROM wishes_wish w JOIN wishes_wishlist l ON l.id = w.list_id WHERE l.round_id = %s"""
WISH = np.dtype(
    [
        ("key", ">i8"),
        ("list", ">i8"),
        ("seat", ">i8"),
        ("order", ">i2"),
        ("rank", ">i4"),
        ("score", ">i4"),
        ("marks", ">i2"),
    ]
)
REFUSED, BARRED = 1, 2  # bits of marks
MEMBERS = """
    SELECT string_agg(int8send(l.id) || int8send(r.key), ''::bytea)
    FROM wishes_wishlist l, unnest(l.reserves) AS r(key) WHERE l.round_id = %s"""
MEMBER = np.dtype([("list", ">i8"), ("reserve", ">i8")])


@dataclass(frozen=True, eq=False)
class RoundRows:
    """What the database holds of a round, as it was read."""

    lists: Rows
    wishes: Rows
    members: Rows
    seats: Ints  # (m,) keys
    quotas: Ints  # (m,)
    counted: Ints  # (m,) bool: does what the employer said count there?
    reserves: list[Reserve]


@dataclass(frozen=True, eq=False)
class Loaded:
    """The market of a round, and which rows its numbers stand for.

    Its positions are the parts of the seats; its edges are the wishes, one for each part.
    """

    market: Market
    parts: Parts
    seats: Ints  # (m,) keys of seats
    reserves: Ints  # keys of reserves, with 0 at the end, which OPEN_PART picks
    lists: Ints  # (n,) keys of wish lists
    wishes: Ints  # (E,) keys of wishes
    claims: Ints  # (E,) points in line, in hundredths; -1 for none
    ranks: Ints  # (E,) from 0; -1 where the seat has no ranking that counts
    outside: Bools  # (E,) a reserve that is not for this student


def load_market(found: Round) -> Loaded:
    """Read a round whose wishes are closed. The same rows give the same market, in any order."""
    return build_market(found, read_rows(found))


def read_rows(found: Round) -> RoundRows:
    seats = list(
        found.seats.order_by("pk").values_list(
            "pk", "quota", "ranking_done", "position__state", "closed_why"
        )
    )
    closed = Position.State.CLOSED
    return RoundRows(
        lists=_packed(LISTS, LIST, found),
        wishes=_packed(WISHES, WISH, found),
        members=_packed(MEMBERS, MEMBER, found),
        seats=np.array([pk for pk, *_rest in seats], np.int64),
        quotas=np.array(
            [0 if state == closed or why else quota for _, quota, _, state, why in seats], np.int64
        ),
        counted=np.array([found.asks_employers and done for _, _, done, _, _ in seats], bool),
        reserves=list(Reserve.objects.filter(seat__round=found).order_by("seat", "pk")),
    )


def build_market(found: Round, rows: RoundRows) -> Loaded:
    """Number everything by code and key, cut seats into parts, and say who comes first where."""
    lists = rows.lists[np.argsort(rows.lists["code"])]
    codes = tuple(lists["code"].astype("U8").tolist())
    keys = lists["key"].astype(np.int64)
    wishes, owners = _by_list(rows.wishes, keys)
    parts = _parts_of(rows)
    positions = _number_of(rows.seats, wishes["seat"])
    split = split_wishes(parts, positions, np.searchsorted(owners, np.arange(len(lists) + 1)))
    outside = _outside(rows, parts, split, keys, owners)
    counted = rows.counted[positions]
    ranked = counted & (wishes["rank"] > 0)
    ranks = np.where(ranked, wishes["rank"].astype(np.int64) - 1, -1)[split.wishes]
    points = lists["points"].astype(np.int64)[owners]
    claims = _claims(found, points, wishes, counted)[split.wishes]
    classes, points_bits, width = _classes(rows, split, parts, claims, ranks, outside)
    _close_marked(classes, wishes["marks"][split.wishes], counted[split.wishes])
    market = Market(
        quotas=parts.quotas,
        offsets=split.offsets,
        positions=split.parts,
        priorities=classes,
        lottery=draw_lottery(int(found.seed), codes),
        points_bits=points_bits,
        tier_width=width,
        seed=int(found.seed),
        student_ids=codes,
        position_ids=_names(rows.seats, parts),
    )
    return Loaded(
        market=market,
        parts=parts,
        seats=rows.seats,
        reserves=np.array([*(it.pk for it in rows.reserves), 0], np.int64),
        lists=keys,
        wishes=wishes["key"].astype(np.int64)[split.wishes],
        claims=claims,
        ranks=ranks,
        outside=outside,
    )


def _by_list(wishes: Rows, keys: Ints) -> tuple[Rows, Ints]:
    """The wishes list by list in their order, and the number of the list of each."""
    owners = _number_of(keys, wishes["list"])
    order = np.lexsort((wishes["order"], owners))
    return wishes[order], owners[order]


def _close_marked(classes: Ints, marks: Ints, counted: Ints) -> None:
    """Take out the edges that are barred, or that the employer refused where that counts."""
    classes[counted & (marks & REFUSED > 0)] = UNACCEPTABLE
    classes[marks & BARRED > 0] = INELIGIBLE


def _parts_of(rows: RoundRows) -> Parts:
    kept = np.array([it.seat_id for it in rows.reserves], np.int64)
    places = np.array([it.places for it in rows.reserves], np.int64)
    return divide(rows.quotas, _number_of(rows.seats, kept), places)


def _classes(  # noqa: PLR0913, PLR0917  all that orders students
    rows: RoundRows, split: Split, parts: Parts, claims: Ints, ranks: Ints, outside: Bools
) -> tuple[Ints, int, int]:
    """Priorities, the bits of them that hold points, and the ranks that one tier spans."""
    tiered, width = place_tiers(ranks, outside.astype(np.int64))
    classes, points_bits = priority_classes(np.maximum(claims, 0), tiered)
    hard = np.array([*(it.hard for it in rows.reserves), False], bool)
    close_hard(classes, outside & hard[parts.reserves[split.parts]])
    return classes, points_bits, width


def _packed(query: str, dtype: np.dtype[np.void], found: Round) -> Rows:
    """The rows of a query that packs them into bytes, as an array of records."""
    with connection.cursor() as cursor:
        cursor.execute(query, [found.pk])
        return np.frombuffer(cursor.fetchone()[0] or b"", dtype)


def _outside(rows: RoundRows, parts: Parts, split: Split, keys: Ints, owners: Ints) -> Bools:
    """(E,) edges to a reserve that is not meant for the student."""
    reserved = parts.reserves[split.parts]
    if not rows.reserves:
        return np.zeros(len(reserved), bool)
    numbers = np.array([it.pk for it in rows.reserves], np.int64)
    known = np.isin(rows.members["reserve"], numbers)
    members = rows.members[known]
    width = len(numbers) + 1
    inside = _number_of(keys, members["list"]) * width + _number_of(numbers, members["reserve"])
    outsiders: Bools = ~np.isin(owners[split.wishes] * width + reserved, inside)
    outsiders &= reserved != OPEN_PART
    return outsiders


def _claims(found: Round, points: Ints, wishes: Rows, counted: Ints) -> Ints:
    """Points in line: those of the list, or weighed with the employer's score where that counts."""
    if found.rule != Round.Rule.WEIGHTED:
        return points
    weight = found.employer_weight
    mixed = np.maximum(points, 0) * (100 - weight) + wishes["score"].astype(np.int64) * weight
    return np.where(counted, (mixed + 50) // 100, points)


def _names(seats: Ints, parts: Parts) -> tuple[str, ...]:
    """How the published files name each part: "12" is what is open, "12/1" its first reserve."""
    number = np.arange(len(parts.seats)) - parts.first[parts.seats] + 1
    whole = seats[parts.seats].tolist()
    rows = zip(whole, parts.reserves.tolist(), number.tolist(), strict=True)
    return tuple(str(key) if it == OPEN_PART else f"{key}/{place}" for key, it, place in rows)


def _number_of(keys: Ints, wanted: Ints) -> Ints:
    """Where each of ``wanted`` stands in ``keys``; all of them do."""
    order = np.argsort(keys)
    return order[np.searchsorted(keys, wanted, sorter=order)]
