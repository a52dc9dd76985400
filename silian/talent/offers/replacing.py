"""Filling places that became free, one after the other, as far as the chain goes."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.audit.services import record
from silian.kernel.states import move
from silian.kernel.ui import formats
from silian.talent.criteria.models import Reserve
from silian.talent.offers.line import free_parts, line_for
from silian.talent.offers.telling import tell_student
from silian.talent.placement.models import Placement
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes.models import Wish

State, Origin = Placement.State, Placement.Origin
LOCK = 0x51B  # the family of advisory locks under which a round's places change hands


def lock(round_id: int) -> None:
    """Let one transaction after the other hand out the places of a round."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, round_id])


def replaces(found: Round) -> bool:
    """Does the round, by its published rules, still fill places that become free?"""
    return found.replace_until is not None and clock.now() < found.replace_until


@transaction.atomic
def fill_seat(seat: Seat) -> int:
    """Offer the free places of ``seat`` to the next in line; return how many offers went out.

    A student who moves up from an offer not yet answered leaves that place free, which is filled
    in turn. From an accepted place one moves only by accepting the better one.
    """
    lock(seat.round_id)
    seat = Seat.objects.select_related("round__consortium", "position__organisation").get(
        pk=seat.pk
    )
    offers, free = 0, [seat]
    while free and replaces(free[0].round):
        here = free.pop(0)
        for reserve in free_parts(here):
            wish = line_for(here, reserve).select_related("list__student__user").first()
            if wish is None:
                continue
            free.append(here)  # there may be more than one place
            left = _stand_up(wish, here, reserve)
            if left is not None:
                free.append(left)
            offers += 1
            break
    return offers


def fill_for(placement: Placement) -> None:
    """Whoever lost a place through the employer is in line again, for every less dear wish too."""
    if placement.wish is None:
        return
    later = placement.wish.list.wishes.filter(order__gt=placement.wish.order)
    for wish in later.select_related("seat"):
        fill_seat(wish.seat)


def _stand_up(wish: Wish, seat: Seat, reserve: Reserve | None) -> Seat | None:
    """Give ``wish`` the place; return the seat that its student leaves for it, if any."""
    student = wish.list.student
    standing = Placement.objects.filter(
        round=seat.round_id, student=student, state__in=Placement.STANDING
    )
    here = standing.filter(seat=seat).first()
    if here:  # an earlier part of the same seat: nothing changes for the student
        here.reserve = reserve
        here.save(update_fields=["reserve"])
        return None
    left = None
    if waiting := standing.filter(state=State.OFFERED).first():
        move(waiting, State.MOVED, by=None, why="a dearer wish became free")
        left = waiting.seat
    offer = Placement.objects.create(
        round=seat.round,
        student=student,
        wish=wish,
        seat=seat,
        reserve=reserve,
        origin=Origin.REPLACEMENT,
        answer_until=answer_until(seat.round),
    )
    record(offer, gettext_noop("Place that became free offered to the next in line"), by=None)
    tell_student(
        offer,
        gettext_noop("“%(position)s” has a place for you now, if you answer until %(until)s."),
        until=formats.moment(offer.answer_until),
    )
    return left


def answer_until(found: Round) -> datetime:
    """The days that the rules give, but no longer than places are replaced."""
    until = clock.now() + timedelta(days=found.answer_days)
    return min(until, found.replace_until) if found.replace_until else until
