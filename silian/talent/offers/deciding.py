"""What the secretariat decides by hand: each with a written reason that stays beside the result."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.offers import replacing
from silian.talent.offers.line import free_parts
from silian.talent.offers.telling import tell_employer, tell_student
from silian.talent.offers.undoing import may_undo, undo
from silian.talent.placement.models import Decision, Placement
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat

State = Placement.State


@transaction.atomic
def give_place(found: Round, student: Student, seat: Seat, *, reason: str, by: User) -> Placement:
    """Give a student a free place of a published round, outside the computation."""
    replacing.lock(found.pk)
    standing = found.placements.filter(student=student, state__in=Placement.STANDING)
    ended = standing.order_by("pk").first()
    for place in standing:
        if not (verdict := may_undo(place)):
            raise ValidationError(verdict.reason)
        undo(place, State.MOVED, by=by, reason=reason)
        tell_employer(place, gettext_noop("%(student)s gives up “%(position)s” for another place."))
    given = _placed_by_hand(found, student, seat)
    kind = Decision.Kind.MOVE if ended else Decision.Kind.GIVE
    _decide(found, student, kind, reason, by, ended=ended, given=given)
    tell_student(
        given,
        gettext_noop("The secretariat decided to give you a place at “%(position)s”: %(reason)s"),
        reason=reason,
    )
    if ended:
        replacing.fill_seat(ended.seat)
    return given


@transaction.atomic
def end_place(placement: Placement, *, reason: str, by: User) -> None:
    """End a place, also a confirmed one; the next in line gets it."""
    replacing.lock(placement.round_id)
    undo(placement, State.WITHDRAWN, by=by, reason=reason)
    _decide(placement.round, placement.student, Decision.Kind.END, reason, by, ended=placement)
    tell_student(
        placement,
        gettext_noop("The secretariat ended your place at “%(position)s”: %(reason)s"),
        reason=reason,
    )
    tell_employer(
        placement, gettext_noop("The secretariat ended the place of %(student)s at “%(position)s”.")
    )
    replacing.fill_seat(placement.seat)


def _placed_by_hand(found: Round, student: Student, seat: Seat) -> Placement:
    free = free_parts(seat)
    if not free:
        raise ValidationError(_("This position has no place left."))
    wish = seat.wishes.filter(list__student=student, placement=None).first()
    return Placement.objects.create(
        round=found,
        student=student,
        seat=seat,
        wish=wish,
        reserve=free[-1],  # what is open to all, if anything is
        origin=Placement.Origin.BY_HAND,
        answer_until=replacing.answer_until(found),
    )


def _decide(
    found: Round, student: Student, kind: str, reason: str, by: User, **places: Placement | None
) -> None:
    Decision.objects.create(
        round=found, student=student, kind=kind, reason=reason, by=by, at=clock.now(), **places
    )
    record(found, gettext_noop("Decided by hand"), by=by, why=reason, decision=kind)
