"""Why a wish was fulfilled or passed over, read from what the run left at each seat.

The engine's own ``explain`` needs the whole market; here one student's wishes and the cutoffs of
their seats are enough. A test holds the two to the same answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from silian.talent.placement.models import Outcome, Run
from silian.talent.wishes.models import Wish, WishList
from silian.talent.wishes.ranking import counts_ranking


class Fate(StrEnum):
    HELD = "held"
    PASSED_OVER = "passed over"
    NOT_REACHED = "not reached"
    BARRED = "barred"
    REFUSED = "refused"
    NO_PLACES = "no places"


class Reason(StrEnum):
    RANKING = "ranking"
    POINTS = "points"
    LOTTERY = "lottery"


@dataclass(frozen=True)
class Explained:
    """What became of one wish. The reason is there only where it was passed over."""

    wish: Wish
    outcome: Outcome
    fate: Fate
    reason: Reason | None = None

    @property
    def points_short(self) -> Decimal:
        """By how many points the last one admitted came before."""
        return (self.outcome.last_points or Decimal()) - (self.wish.list.points or Decimal())

    @property
    def my_draw(self) -> int:
        """The student's place in the draw; people count from 1."""
        return (self.wish.list.draw or 0) + 1

    @property
    def last_draw(self) -> int:
        """That of the last one admitted."""
        return (self.outcome.last_draw or 0) + 1


def explain_list(run: Run, wish_list: WishList) -> list[Explained]:
    """What became of each wish of a list, dearest first."""
    wishes = list(wish_list.wishes.select_related("seat__round", "seat__position__organisation"))
    granted = set(run.grants.filter(wish__list=wish_list).values_list("wish", flat=True))
    outcomes = {it.seat_id: it for it in run.outcomes.filter(seat__in=[w.seat_id for w in wishes])}
    return list(_walk(wish_list, wishes, granted, outcomes))


def _walk(
    wish_list: WishList, wishes: list[Wish], granted: set[int], outcomes: dict[int, Outcome]
) -> Iterable[Explained]:
    placed = False
    for wish in wishes:
        wish.list = wish_list
        outcome = outcomes[wish.seat_id]
        if wish.pk in granted:
            placed = True
            yield Explained(wish, outcome, Fate.HELD)
        else:
            yield _without_place(wish, outcome, placed)


def _without_place(wish: Wish, outcome: Outcome, placed: bool) -> Explained:
    if wish.barred:
        return Explained(wish, outcome, Fate.BARRED)
    if wish.refused and counts_ranking(wish.seat):
        return Explained(wish, outcome, Fate.REFUSED)
    if placed:
        return Explained(wish, outcome, Fate.NOT_REACHED)
    if not outcome.quota:
        return Explained(wish, outcome, Fate.NO_PLACES)
    return Explained(wish, outcome, Fate.PASSED_OVER, _what_decided(wish, outcome))


def _what_decided(wish: Wish, outcome: Outcome) -> Reason:
    """The first of ranking, points and lottery in which the last one admitted differs."""
    rank = wish.rank if counts_ranking(wish.seat) else None
    if rank != outcome.last_rank:
        return Reason.RANKING
    if (wish.list.points or 0) != (outcome.last_points or 0):
        return Reason.POINTS
    return Reason.LOTTERY
