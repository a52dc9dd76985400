"""Who is next for a place that became free.

By the published rule of the round, among those who wished for the seat and hold no place that they
like as well or better. ``engines.replacing`` does the same on arrays for a whole chain, and a test
holds the two to the same answer.
"""

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from silian.talent.criteria.models import Reserve
from silian.talent.placement.models import Placement
from silian.talent.rounds.models import Seat
from silian.talent.wishes.models import Wish, WishQuerySet, claim

State, Origin = Placement.State, Placement.Origin
NOWHERE = 1000  # behind every wish that can be stated
OPEN = 2**62  # behind every reserve's key, as the open part is asked after them


def free_parts(seat: Seat) -> list[Reserve | None]:
    """The parts of a seat with places left, its reserves first; None is what is open to all."""
    if seat.closed_why:
        return []
    reserves = list(seat.reserves.order_by("pk"))
    taken = seat.placements.filter(state__in=Placement.STANDING)
    room = {part: part.places - taken.filter(reserve=part).count() for part in reserves}
    kept = sum(part.places for part in reserves)
    free: list[Reserve | None] = [part for part in reserves if room[part] > 0]
    if taken.filter(reserve=None).count() < seat.quota - kept:
        free.append(None)
    return free


def free_places(seat: Seat) -> tuple[int, int]:
    """How many places of a seat are left, and how many are taken."""
    taken = seat.placements.filter(state__in=Placement.STANDING).count()
    return max(seat.quota - taken, 0), taken


def line_for(seat: Seat, reserve: Reserve | None) -> WishQuerySet:
    """The wishes that are asked for a place of this part, the best claim first.

    Out are those who declined or let an offer lapse, and, unless they hold a later part of this
    same seat, those whose place is confirmed or was given by hand.
    """
    mine = Placement.objects.filter(round=seat.round_id, student=OuterRef("list__student"))
    held = mine.filter(state__in=Placement.STANDING).order_by("wish__order")
    settled = held.filter(Q(state=State.CONFIRMED) | Q(origin=Origin.BY_HAND))
    gone = mine.filter(Q(state=State.DECLINED) | Q(state=State.LAPSED, answered_at=None))
    rows = Wish.objects.filter(~Exists(gone), seat=seat, barred="").annotate(
        holds=Coalesce(Subquery(held.values("wish__order")[:1]), NOWHERE),
        part=Coalesce(Subquery(held.values("reserve")[:1]), OPEN, output_field=BigIntegerField()),
    )
    dearer = Q(~Exists(settled), placement=None, order__lt=F("holds"))
    earlier = Q(order=F("holds"), part__gt=reserve.pk if reserve else OPEN)
    return _by_claim(rows.filter(dearer | earlier), seat, reserve)


def _by_claim(rows: WishQuerySet, seat: Seat, reserve: Reserve | None) -> WishQuerySet:
    """As the run orders them: members of the reserve, ranking, points, the draw."""
    keys = [F("claim").desc(), F("list__draw").asc()]
    rows = rows.annotate(claim=claim())
    if seat.round.asks_employers and seat.ranking_done:
        rows = rows.filter(refused=False)
        keys.insert(0, F("rank").asc(nulls_last=True))
    if reserve:
        inside = Q(list__reserves__contains=[reserve.pk])
        if reserve.hard:
            rows = rows.filter(inside)
        rows = rows.annotate(outside=Case(When(inside, then=Value(0)), default=Value(1)))
        keys.insert(0, F("outside").asc())
    return rows.order_by(*keys)
