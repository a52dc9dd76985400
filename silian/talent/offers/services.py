"""The answers of both sides to a place. What becomes of places that are given back is in
``replacing.py``, what the secretariat decides by hand in ``deciding.py``."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.states import move
from silian.talent.offers import replacing
from silian.talent.offers.telling import tell_employer, tell_student
from silian.talent.offers.undoing import undo
from silian.talent.placement.models import Placement
from silian.talent.rounds.models import Seat

State = Placement.State
UNANSWERED = "not answered in time"


@transaction.atomic
def accept_offer(placement: Placement, *, by: User) -> None:
    """The student takes the place, giving up a less dear one; the employer is asked to confirm."""
    now, until = clock.now(), placement.answer_until
    replacing.lock(placement.round_id)
    left = _given_up_for(placement, by)
    if placement.origin != Placement.Origin.RUN:
        until = now + timedelta(days=placement.round.answer_days)
    move(placement, State.ACCEPTED, by=by, answered_at=now, answer_until=until)
    tell_employer(placement, gettext_noop("%(student)s accepts “%(position)s”. Please confirm."))
    for seat in left:
        replacing.fill_seat(seat)


def _given_up_for(placement: Placement, by: User) -> list[Seat]:
    mine = Placement.objects.filter(round=placement.round_id, student=placement.student_id)
    rows = list(mine.filter(state__in=Placement.STANDING).exclude(pk=placement.pk))
    for other in rows:
        move(other, State.MOVED, by=by)
        tell_employer(other, gettext_noop("%(student)s gives up “%(position)s” for another place."))
    return [other.seat for other in rows]


@transaction.atomic
def decline_offer(placement: Placement, *, reason: str, by: User) -> None:
    """The student gives the place back, also one that was confirmed; the next in line gets it."""
    undo(placement, State.DECLINED, by=by, reason=reason, answered_at=clock.now())
    tell_employer(placement, gettext_noop("%(student)s declines “%(position)s”."))
    replacing.fill_seat(placement.seat)


@transaction.atomic
def confirm_placement(placement: Placement, *, by: User) -> None:
    """The employer confirms too: the placement stands."""
    move(placement, State.CONFIRMED, by=by)
    tell_student(placement, gettext_noop("Your place at “%(position)s” is confirmed."))


@transaction.atomic
def withdraw_offer(placement: Placement, *, reason: str, by: User) -> None:
    """The employer takes the place back; the next in line gets it, and the student the next wish
    where a place is free."""
    undo(placement, State.WITHDRAWN, by=by, reason=reason)
    tell_student(
        placement,
        gettext_noop("The employer withdraws your place at “%(position)s”: %(reason)s"),
        reason=reason,
    )
    replacing.fill_seat(placement.seat)
    replacing.fill_for(placement)


@transaction.atomic
def lapse_overdue() -> int:
    """End what was not answered in time, ask the next; return how many places lapsed."""
    waiting = Placement.objects.filter(
        state__in=(State.OFFERED, State.ACCEPTED), answer_until__lte=clock.now()
    )
    rows = list(waiting.select_related("round__consortium", "seat__position", "student__user"))
    for placement in rows:
        move(placement, State.LAPSED, by=None, why=UNANSWERED)
        tell_student(placement, gettext_noop("Your place at “%(position)s” lapsed."))
    for placement in rows:
        replacing.fill_seat(placement.seat)
    return len(rows)
