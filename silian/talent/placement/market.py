"""From the rows of a round to the arrays of the engine, and nothing else."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from silian.engines.matching import (
    INELIGIBLE,
    UNACCEPTABLE,
    Ints,
    Market,
    draw_lottery,
    priority_classes,
)
from silian.industry.demand.models import Position
from silian.talent.rounds.models import Round
from silian.talent.wishes.models import Wish

CHUNK = 20_000
WISH = np.dtype([(name, np.int64) for name in "key list order seat rank refused barred".split()])


@dataclass(frozen=True, eq=False)
class Loaded:
    """The market of a round, and which rows its numbers stand for."""

    market: Market
    seats: Ints  # (m,) keys of seats
    lists: Ints  # (n,) keys of wish lists
    wishes: Ints  # (E,) keys of wishes
    points: list[Decimal | None]  # (n,)
    ranks: Ints  # (E,) from 0; -1 where the seat has no ranking that counts


def load_market(found: Round) -> Loaded:
    """Read a round whose wishes are closed. The same rows give the same market, in any order."""
    lists = sorted(found.wish_lists.values_list("code", "pk", "points"))
    codes = tuple(code for code, _pk, _points in lists)
    keys = np.array([pk for _code, pk, _points in lists], np.int64)
    points = [points for _code, _pk, points in lists]
    seats, quotas, ranked = _read_seats(found)
    wishes = _read_wishes(found)
    owners = _number_of(keys, wishes["list"])
    order = np.lexsort((wishes["order"], owners))
    wishes, owners = wishes[order], owners[order]
    positions = _number_of(seats, wishes["seat"])
    counted = ranked[positions] & (wishes["rank"] > 0)
    ranks = np.where(counted, wishes["rank"] - 1, -1)
    classes, points_bits = priority_classes(_hundredths(points)[owners], ranks)
    classes[ranked[positions] & (wishes["refused"] > 0)] = UNACCEPTABLE
    classes[wishes["barred"] > 0] = INELIGIBLE
    seed = int(found.seed)
    market = Market(
        quotas=quotas,
        offsets=np.searchsorted(owners, np.arange(len(lists) + 1)),
        positions=positions,
        priorities=classes,
        lottery=draw_lottery(seed, codes),
        points_bits=points_bits,
        seed=seed,
        student_ids=codes,
        position_ids=tuple(str(key) for key in seats.tolist()),
    )
    return Loaded(market, seats, keys, wishes["key"], points, ranks)


def _read_seats(found: Round) -> tuple[Ints, Ints, Ints]:
    """Keys, quotas, and whether a ranking counts. A position that was closed offers no places."""
    rows = list(
        found.seats.order_by("pk").values_list("pk", "quota", "ranking_done", "position__state")
    )
    closed = Position.State.CLOSED
    keys = np.array([pk for pk, *_rest in rows], np.int64)
    quotas = np.array([0 if state == closed else quota for _, quota, _, state in rows], np.int64)
    by_ranking = found.rule == Round.Rule.RANKING
    return keys, quotas, np.array([by_ranking and done for _, _, done, _ in rows], bool)


def _read_wishes(found: Round) -> npt.NDArray[np.void]:
    fields = ("pk", "list_id", "order", "seat_id", "rank", "refused", "barred")
    rows = Wish.objects.filter(list__round=found).order_by().values_list(*fields)
    read = (
        (pk, listed, order, seat, rank or 0, refused, barred != "")
        for pk, listed, order, seat, rank, refused, barred in rows.iterator(chunk_size=CHUNK)
    )
    return np.fromiter(read, WISH)


def _number_of(keys: Ints, wanted: Ints) -> Ints:
    """Where each of ``wanted`` stands in ``keys``; all of them do."""
    order = np.argsort(keys)
    return order[np.searchsorted(keys, wanted, sorter=order)]


def _hundredths(points: list[Decimal | None]) -> Ints:
    """Points in whole hundredths. Who has none counts as 0."""
    return np.array([int((value or 0) * 100) for value in points], np.int64)
