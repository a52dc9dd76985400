"""A further round for what is left: remaining places, and everybody without one."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.criteria.services import copy_rules
from silian.talent.offers.line import free_places
from silian.talent.rounds.models import Round, Seat
from silian.talent.rounds.services import new_seed, start_copy

ZH = "二三四五六七八九"


@transaction.atomic
def prepare_second_round(found: Round, *, by: User) -> Round:
    """Prepare a round with the same rules for the places that are left.

    It opens for wishes tomorrow with the same spans of time; all of it can be changed before.
    """
    number = depth(found) + 1
    shift = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    first = found.title_zh.split("（第")[0]
    second = start_copy(
        found,
        follows=found,
        state=Round.State.PREPARED,
        seed=new_seed(),
        title_zh=f"{first}（第{ZH[number - 2]}轮）",
        title_en=f"{found.title_en.split(' (round')[0]} (round {number})" if found.title_en else "",
        shift=shift - found.wishes_from,
    )
    seats = {}
    for seat in found.seats.select_related("position").filter(closed_why=""):
        left, taken = free_places(seat)
        if left and seat.position.state == "published":
            minimum = min(max(seat.minimum - taken, 0), left)
            copy = Seat.objects.create(
                round=second, position=seat.position, quota=left, minimum=minimum
            )
            seats[seat.pk] = copy.pk
    copy_rules(found, second, scores=True, seats=seats)
    record(second, gettext_noop("Further round prepared"), by=by, seats=len(seats))
    return second


def depth(found: Round) -> int:
    """1 for a first round, 2 for the one after it."""
    number = 1
    while found.follows:
        found, number = found.follows, number + 1
    return number
