"""What follows a published result: each offer is accepted and confirmed, or ends."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move
from silian.talent.placement.models import Placement

State = Placement.State
UNANSWERED = "not answered in time"


@transaction.atomic
def accept_offer(placement: Placement, *, by: User) -> None:
    """The student takes the place; the employer is asked to confirm it."""
    move(placement, State.ACCEPTED, by=by, answered_at=clock.now())
    _tell_employer(placement, gettext_noop("%(student)s accepts “%(position)s”. Please confirm."))


@transaction.atomic
def decline_offer(placement: Placement, *, reason: str, by: User) -> None:
    move(placement, State.DECLINED, by=by, why=reason, reason=reason, answered_at=clock.now())
    _tell_employer(placement, gettext_noop("%(student)s declines “%(position)s”."))


@transaction.atomic
def confirm_placement(placement: Placement, *, by: User) -> None:
    """The employer confirms too: the placement stands."""
    move(placement, State.CONFIRMED, by=by)
    _tell_student(placement, gettext_noop("Your place at “%(position)s” is confirmed."))


@transaction.atomic
def withdraw_offer(placement: Placement, *, reason: str, by: User) -> None:
    move(placement, State.WITHDRAWN, by=by, why=reason, reason=reason)
    _tell_student(
        placement,
        gettext_noop("The employer withdraws your place at “%(position)s”: %(reason)s"),
        reason=reason,
    )


@transaction.atomic
def lapse_overdue() -> int:
    """End what was not confirmed by both sides in time; return how many there were."""
    waiting = Placement.objects.filter(
        state__in=(State.OFFERED, State.ACCEPTED), round__confirm_until__lte=clock.now()
    )
    rows = waiting.select_related("round__consortium", "seat__position", "student__user")
    for placement in rows:
        move(placement, State.LAPSED, by=None, why=UNANSWERED)
        _tell_student(placement, gettext_noop("Your place at “%(position)s” lapsed."))
    return len(rows)


def _tell_employer(placement: Placement, message: str) -> None:
    url = reverse(
        "placement:seat_result",
        args=[placement.round.consortium, placement.round_id, placement.seat_id],
    )
    people = people_of(placement.seat.position.organisation)
    _tell(people, message, placement, url, student=placement.student.name)


def _tell_student(placement: Placement, message: str, **params: str) -> None:
    url = reverse("placement:my_result", args=[placement.round.consortium, placement.round_id])
    people = [placement.student.user] if placement.student.user else []
    _tell(people, message, placement, url, **params)


def _tell(to: Iterable[User], message: str, placement: Placement, url: str, **params: str) -> None:
    notify(to, message, url=url, position=both(placement.seat.position, "title"), **params)
