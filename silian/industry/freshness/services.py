"""Asking again, lowering and closing: what happens by itself to what nobody confirms.

Nobody is closed unwarned: each step waits for the days between it and the step before, counted
from the day on which that one was really done.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.industry.demand.models import Position, PositionQuerySet, Rhythm
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move

UNCONFIRMED = gettext_noop("Nobody confirmed that it is still needed.")
OVER = gettext_noop("Its last day has passed.")


def tend() -> None:
    """Each consortium in its own rhythm, each in a transaction of its own."""
    for consortium in Consortium.objects.all():
        rhythm = Rhythm.of(consortium)
        close_what_is_over(consortium)
        close_unconfirmed(consortium, rhythm)
        lower(consortium, rhythm)
        ask(consortium, rhythm)


@transaction.atomic
def ask(consortium: Consortium, rhythm: Rhythm) -> None:
    """Ask every employer once about all that it has not confirmed for so long."""
    last = clock.today() - timedelta(days=rhythm.ask_after)
    due = _held(consortium).filter(confirmed_on__lte=last, asked_on=None)
    for employer, positions in _by_employer(due):
        _note(positions, "asked_on", gettext_noop("Asked whether it is still needed"))
        message = gettext_noop("Are these still needed? One press confirms %(count)s positions.")
        _tell(employer, message, consortium, positions)


@transaction.atomic
def lower(consortium: Consortium, rhythm: Rhythm) -> None:
    """Put what was asked about and not answered below the rest, visibly."""
    last = clock.today() - timedelta(days=rhythm.lower_after - rhythm.ask_after)
    due = _held(consortium).filter(asked_on__lte=last, lowered_on=None)
    for employer, positions in _by_employer(due):
        _note(positions, "lowered_on", gettext_noop("Marked as unconfirmed"))
        message = gettext_noop(
            "%(count)s positions are marked as unconfirmed and will be closed: confirm them now."
        )
        _tell(employer, message, consortium, positions)


@transaction.atomic
def close_unconfirmed(consortium: Consortium, rhythm: Rhythm) -> None:
    """Close what stayed unanswered; one press of its employer reopens it."""
    last = clock.today() - timedelta(days=rhythm.close_after - rhythm.lower_after)
    due = _held(consortium).filter(lowered_on__lte=last)
    for employer, positions in _by_employer(due):
        for position in positions:
            _close(position, UNCONFIRMED, lapsed_on=clock.today())
        message = gettext_noop(
            "%(count)s positions were closed because nobody confirmed them. One press reopens them."
        )
        _tell(employer, message, consortium, positions)


@transaction.atomic
def close_what_is_over(consortium: Consortium) -> None:
    """Close what nobody can answer any more."""
    today = clock.today()
    past_deadline = _held(consortium).filter(open_until__lt=today)
    ended = _held(consortium).filter(open_until=None, ends_on__lt=today)
    for employer, positions in _by_employer([*past_deadline, *ended]):
        for position in positions:
            _close(position, OVER)
        message = gettext_noop("%(count)s positions were closed: their last day has passed.")
        _tell(employer, message, consortium, positions)


@transaction.atomic
def set_rhythm(rhythm: Rhythm, *, by: User) -> None:
    rhythm.save()
    action = gettext_noop("Rhythm of confirmation set")
    record(rhythm.consortium, action, by=by, days=str(rhythm))


def _held(consortium: Consortium) -> PositionQuerySet:
    """Published positions, held: who confirms one now is waited for, and it is left alone then."""
    rows = Position.objects.published().filter(consortium=consortium)
    return rows.select_for_update(of=("self",)).select_related("organisation", "consortium")


def _by_employer(
    positions: Iterable[Position],
) -> Iterable[tuple[Organisation, list[Position]]]:
    grouped: dict[Organisation, list[Position]] = defaultdict(list)
    for position in positions:
        grouped[position.organisation].append(position)
    return grouped.items()


def _note(positions: list[Position], column: str, action: str) -> None:
    keys = [position.pk for position in positions]
    Position.objects.filter(pk__in=keys).update(**{column: clock.today()})
    for position in positions:
        record(position, action, by=None)


def _close(position: Position, why: str, **facts: object) -> None:
    nothing_asked = {"asked_on": None, "lowered_on": None}
    move(position, Position.State.CLOSED, by=None, why=why, remark=why, **nothing_asked, **facts)


def _tell(
    employer: Organisation, message: str, consortium: Consortium, positions: list[Position]
) -> None:
    url = reverse("freshness:confirmations", args=[consortium])
    names = {"count": len(positions), "consortium": both(consortium, "short_name")}
    notify(people_of(employer), message, url=url, **names)
