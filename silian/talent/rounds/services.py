"""What a secretariat does with a round before it runs. Each function is one thing somebody does."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from silian.governance.roles.models import Role
from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move
from silian.talent.rounds.models import Round, Seat

Numbers = tuple[int, int]  # a quota and a minimum
MOST = gettext_lazy("At most the quota.")
DEADLINES = ("wishes_until", "ranking_until", "confirm_until", "replace_until")


def new_seed() -> str:
    """Eighteen digits that nobody chose."""
    return str(secrets.randbelow(10**18))


@transaction.atomic
def save_round(found: Round, *, by: User) -> Round:
    """Keep a new or changed round that is being prepared."""
    new = found.pk is None
    found.seed = found.seed or new_seed()
    found.save()
    if not new:
        dropped = found.seats.exclude(position__kind=found.kind)
        dropped.delete()
    action = gettext_noop("Round prepared") if new else gettext_noop("Round changed")
    record(found, action, by=by)
    return found


def start_copy(found: Round, *, shift: timedelta = timedelta(), **facts: object) -> Round:
    """A new round with the rules and the spans of time of ``found``; not its seats."""
    kept = (
        "consortium kind rule employer_weight max_wishes graduates seed answer_days title_zh"
        " title_en"
    ).split()
    moments = {name: getattr(found, name) for name in ("wishes_from", *DEADLINES)}
    moved = {name: at and at + shift for name, at in moments.items()}
    return Round.objects.create(**({name: getattr(found, name) for name in kept} | moved | facts))


@transaction.atomic
def set_seats(found: Round, numbers: Mapping[Position, Numbers | None], *, by: User) -> None:
    """Let positions take part, each with its quota and its minimum; None takes one out.

    A quota is from 1 to the head count. A position with a minimum runs only with so many students;
    whether it does is reported. Positions that are not named stay as they are.
    """
    chosen = {position: it for position, it in numbers.items() if it}
    for position, (quota, minimum) in chosen.items():
        if not 1 <= quota <= position.places:
            message = _("%(position)s: the quota is from 1 to %(places)s.")
            raise ValidationError(message % {"position": position, "places": position.places})
        if minimum > quota:
            raise ValidationError(
                _("%(position)s: %(what)s") % {"position": position, "what": MOST}
            )
    out = [position.pk for position, it in numbers.items() if it is None]
    found.seats.filter(position__in=out).delete()
    Seat.objects.bulk_create(
        [
            Seat(round=found, position=position, quota=quota, minimum=minimum)
            for position, (quota, minimum) in chosen.items()
        ],
        update_conflicts=True,
        unique_fields=["round", "position"],
        update_fields=["quota", "minimum"],
        batch_size=5000,
    )
    told = {"seats": len(chosen), "taken_out": len(out)}
    record(found, gettext_noop("Seats chosen"), by=by, **told)


@transaction.atomic
def open_wishes(found: Round, *, by: User) -> None:
    """Announce the round: from now on its rules, seats and seed stand."""
    move(found, Round.State.WISHING, by=by)
    notify(
        employers_of(found),
        gettext_noop("The placement round “%(round)s” is open; your positions take part."),
        url=reverse("rounds:round_detail", args=[found.consortium, found.pk]),
        round=both(found, "title"),
    )


@transaction.atomic
def reschedule(found: Round, *, reason: str, by: User, **deadlines: object) -> None:
    """Put off deadlines that lie ahead."""
    was = {name: getattr(found, name) for name in deadlines}
    for name, moment in deadlines.items():
        setattr(found, name, moment)
    changed = [name for name in was if getattr(found, name) != was[name]]
    if any(was[name] <= clock.now() or getattr(found, name) < was[name] for name in changed):
        raise ValidationError(_("A deadline can only be put off, and only while it lies ahead."))
    found.save(update_fields=changed)
    moved = {name: getattr(found, name).isoformat() for name in changed}
    record(found, gettext_noop("Timetable changed"), by=by, why=reason, **moved)


@transaction.atomic
def cancel_round(found: Round, *, reason: str, by: User) -> None:
    move(found, Round.State.CANCELLED, by=by, why=reason)
    notify(
        employers_of(found),
        gettext_noop("The placement round “%(round)s” was cancelled: %(reason)s"),
        round=both(found, "title"),
        reason=reason,
    )


def employers_of(found: Round) -> QuerySet[User]:
    """Who acts for the employers that have seats in the round."""
    employers = found.seats.values("position__organisation")
    roles = Role.objects.running().filter(kind__in=Role.ACTING, organisation__in=employers)
    return User.objects.filter(is_active=True, pk__in=roles.values("user"))
