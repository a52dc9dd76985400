"""Why a wish was fulfilled or passed over, read from what the run left at each seat.

The engine's own ``explain`` needs the whole market; here one student's wishes and the cutoffs of
their seats are enough. A test holds the two to the same answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.db.models import F, OuterRef, Subquery

from silian.talent.placement.models import Grant, Outcome, Run
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes.models import Wish, WishList
from silian.talent.wishes.ranking import counts_ranking

CENT = Decimal("0.01")


class Fate(StrEnum):
    HELD = "held"
    PASSED_OVER = "passed over"
    NOT_REACHED = "not reached"
    BARRED = "barred"
    REFUSED = "refused"
    NO_PLACES = "no places"
    KEPT = "kept"  # a reserve for others alone


class Reason(StrEnum):
    RANKING = "ranking"
    POINTS = "points"
    LOTTERY = "lottery"
    RESERVE = "reserve"


@dataclass(frozen=True)
class Part:
    """What became of a wish at one part of the seat."""

    outcome: Outcome
    fate: Fate
    reason: Reason | None = None


@dataclass(frozen=True)
class Explained:
    """What became of one wish: the part that held, or else the one that was asked last."""

    wish: Wish
    parts: list[Part]

    @property
    def decisive(self) -> Part:
        held = [part for part in self.parts if part.fate == Fate.HELD]
        asked = [part for part in self.parts if part.fate not in (Fate.KEPT, Fate.NO_PLACES)]
        return (held or asked[::-1] or self.parts[::-1])[0]

    @property
    def outcome(self) -> Outcome:
        return self.decisive.outcome

    @property
    def fate(self) -> Fate:
        return self.decisive.fate

    @property
    def reason(self) -> Reason | None:
        return self.decisive.reason

    @property
    def kept(self) -> list[Outcome]:
        """The reserves of the seat that others claimed first."""
        if self.fate != Fate.PASSED_OVER:
            return []
        others = (Reason.RESERVE, None)
        return [it.outcome for it in self.parts if it.outcome.reserve_id and it.reason in others]

    @property
    def mine(self) -> Decimal:
        return claim_of(self.wish)

    @property
    def points_short(self) -> Decimal:
        """By how many points the last one admitted came before."""
        return (self.outcome.last_points or Decimal()) - self.mine

    @property
    def my_draw(self) -> int:
        """The student's place in the draw; people count from 1."""
        return (self.wish.list.draw or 0) + 1

    @property
    def last_draw(self) -> int:
        """That of the last one admitted."""
        return (self.outcome.last_draw or 0) + 1


def claim_of(wish: Wish) -> Decimal:
    """The points with which a wish stands in line: as ``market`` and ``models.claim`` reckon."""
    mine, found = wish.list.points or Decimal(), wish.seat.round
    if found.rule != Round.Rule.WEIGHTED or not counts_ranking(wish.seat):
        return mine
    weight = found.employer_weight
    mixed = (mine * (100 - weight) + (wish.score or Decimal()) * weight) / 100
    return mixed.quantize(CENT, ROUND_HALF_UP)


def explain_list(run: Run, wish_list: WishList) -> list[Explained]:
    """What became of each wish of a list, dearest first."""
    wishes = list(wish_list.wishes.select_related("seat__round", "seat__position__organisation"))
    granted = {it.wish_id: it for it in run.grants.filter(wish__list=wish_list)}
    outcomes: dict[int, list[Outcome]] = defaultdict(list)
    rows = run.outcomes.filter(seat__in=[wish.seat_id for wish in wishes])
    whom = ("school", "programme", "region", "criterion")
    for outcome in rows.select_related(*(f"reserve__{name}" for name in whom)):
        outcomes[outcome.seat_id].append(outcome)
    return list(_walk(wish_list, wishes, granted, outcomes))


def _walk(
    wish_list: WishList,
    wishes: list[Wish],
    granted: dict[int, Grant],
    outcomes: dict[int, list[Outcome]],
) -> Iterable[Explained]:
    placed = False
    for wish in wishes:
        wish.list = wish_list
        grant = granted.get(wish.pk)
        yield Explained(wish, list(_parts(wish, outcomes[wish.seat_id], grant, placed)))
        placed = placed or grant is not None


def _parts(
    wish: Wish, outcomes: list[Outcome], grant: Grant | None, placed: bool
) -> Iterator[Part]:
    for outcome in outcomes:
        if grant and grant.reserve_id == outcome.reserve_id:
            placed = True
            yield Part(outcome, Fate.HELD)
        else:
            yield _without_place(wish, outcome, placed)


def _without_place(wish: Wish, outcome: Outcome, placed: bool) -> Part:
    outside = _outside(wish, outcome)
    if wish.barred:
        return Part(outcome, Fate.BARRED)
    if wish.refused and counts_ranking(wish.seat):
        return Part(outcome, Fate.REFUSED)
    if outside and outcome.reserve and outcome.reserve.hard:
        return Part(outcome, Fate.KEPT)
    if placed:
        return Part(outcome, Fate.NOT_REACHED)
    if not outcome.quota:
        return Part(outcome, Fate.NO_PLACES)
    return Part(outcome, Fate.PASSED_OVER, _what_decided(wish, outcome, outside))


def _outside(wish: Wish, outcome: Outcome) -> bool:
    return outcome.reserve_id is not None and outcome.reserve_id not in wish.list.reserves


def _what_decided(wish: Wish, outcome: Outcome, outside: bool) -> Reason:
    """The first of reserve, ranking, points and lottery in which the last one admitted differs."""
    rank = wish.rank if counts_ranking(wish.seat) else None
    if outside != outcome.last_outside:
        return Reason.RESERVE
    if rank != outcome.last_rank:
        return Reason.RANKING
    if claim_of(wish) != (outcome.last_points or 0):
        return Reason.POINTS
    return Reason.LOTTERY


@dataclass(frozen=True)
class SeatTold:
    """Why a seat took whom it took: its parts, and how many of its applicants went where."""

    parts: list[Outcome]
    applicants: int  # whose wish counted
    elsewhere: int  # who got a wish they like better

    @property
    def filled(self) -> int:
        return sum(part.filled for part in self.parts)

    @property
    def quota(self) -> int:
        return sum(part.quota for part in self.parts)


def explain_seat(run: Run, seat: Seat) -> SeatTold:
    """For an employer: by what each part was decided, and why places stayed free."""
    parts = run.outcomes.filter(seat=seat).select_related(
        *(f"reserve__{name}" for name in ("school", "programme", "region", "criterion"))
    )
    wishes = seat.wishes.filter(barred="")
    if counts_ranking(seat):
        wishes = wishes.filter(refused=False)
    granted = Grant.objects.filter(run=run, wish__list=OuterRef("list"))
    better = wishes.annotate(got=Subquery(granted.values("wish__order"))).filter(got__lt=F("order"))
    return SeatTold(list(parts), wishes.count(), better.count())
