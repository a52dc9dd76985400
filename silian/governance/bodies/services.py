"""What happens to a body from the plan to the last day, and to its people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from silian.governance.bodies.models import Appointment, Body
from silian.governance.members.models import Organisation
from silian.governance.plaques.models import Plaque
from silian.governance.plaques.services import issue_plaques, withdraw_plaque
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

# --- the body ---------------------------------------------------------------------------


@transaction.atomic
def save_body(body: Body, *, co_builders: Iterable[Organisation], by: User) -> Body:
    """Keep a newly planned body or the changed data of one."""
    action = gettext_noop("Data changed") if body.pk else gettext_noop("Body planned")
    if body.pk:
        hold(body)
    body.save()
    body.co_builders.set(co_builders)
    record(body, action, by=by)
    return body


def hold(body: Body) -> Body:
    """The row, locked; IllegalMove where it has left the state that ``body`` was read in."""
    held = Body.objects.select_for_update(of=["self"]).select_related("plaque").get(pk=body.pk)
    if held.state != body.state:
        raise IllegalMove(f"{body} is {held.state} now")
    return held


@transaction.atomic
def found_body(
    body: Body,
    *,
    by: User,
    on: date,
    plaque: bool = False,
    expires_on: date | None = None,
    **rules: str,
) -> None:
    """Declare a planned body open, for the term of its kind unless ``expires_on`` says otherwise.

    Its people serve from this day on. ``plaque`` also gives its host the plaque (揭牌).
    """
    ends = expires_on or term_after(body, on)
    move(body, Body.State.RUNNING, by=by, founded_on=on, expires_on=ends, **rules)
    body.appointments.filter(Q(end=None) | Q(end__gt=on)).update(start=on)
    tell_host(body, gettext_noop("“%(body)s”, which you host, was founded."))
    if plaque:
        issue_plaque(body, by=by, on=on)


@transaction.atomic
def issue_plaque(body: Body, *, by: User, on: date | None = None) -> Plaque:
    """Give the host the plaque of a body that has none, or whose plaque was withdrawn."""
    held = hold(body)
    if not held.host or (held.plaque and not held.plaque.withdrawn_on):
        raise IllegalMove(f"{body} has no host, or a plaque already")
    [plaque] = issue_plaques(
        body.consortium,
        [held.host],
        by=by,
        inscription_zh=_inscribed(body.consortium.name_zh, body.name_zh),
        inscription_en=_inscribed(body.consortium.name_en, body.name_en, ": "),
        on=on or clock.today(),
    )
    body.plaque = plaque
    body.save(update_fields=["plaque"])
    record(body, gettext_noop("Plaque issued"), by=by, number=plaque.number)
    return plaque


@transaction.atomic
def renew_body(body: Body, *, by: User, until: date, why: str = "") -> None:
    """Give a running body another term."""
    held = hold(body)
    if not held.is_running or (held.expires_on and until <= held.expires_on):
        raise IllegalMove(f"{body} does not run, or its term is no longer than before")
    Body.objects.filter(pk=body.pk).update(expires_on=until)
    was, body.expires_on = held.expires_on, until
    record(body, gettext_noop("Term renewed"), by=by, was=str(was), to=str(until), why=why)
    tell_host(body, gettext_noop("“%(body)s” was renewed until %(until)s."), until=str(until))


@transaction.atomic
def close_body(body: Body, *, by: User, on: date, why: str) -> None:
    """End a body, or give up a planned one; its people leave and its plaque is withdrawn."""
    move(body, Body.State.CLOSED, by=by, why=why, closed_on=on)
    if body.plaque and not body.plaque.withdrawn_on:
        withdraw_plaque(body.plaque, by=by, why=why[:300])
    serving = body.appointments.filter(Q(end=None) | Q(end__gt=on))
    serving.filter(start__gt=on).update(start=on)  # named, but never to serve
    serving.update(end=on)
    tell_host(body, gettext_noop("“%(body)s”, which you host, was closed: %(why)s"), why=why)


def term_after(body: Body, day: date) -> date:
    """The last day of a term of its kind that begins on ``day``."""
    years = body.kind.term_years
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


# --- its people -------------------------------------------------------------------------


@transaction.atomic
def appoint(appointment: Appointment, *, by: User) -> Appointment:
    """Keep a new appointment or the changed data of one.

    Raises IllegalMove where the person, or a role for one, is taken on one of these days.
    """
    changed = bool(appointment.pk)
    if not changed:
        appointment.sole = appointment.role.sole
    appointment.user = _account_of(appointment)
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        raise IllegalMove(f"{appointment} is taken on these days") from error
    _record_person(appointment, by, gettext_noop("Appointment changed") if changed else APPOINTED)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, by: User, on: date, why: str) -> None:
    """The person no longer serves from ``on`` on; the appointment stays as history."""
    still = Appointment.objects.filter(Q(end=None) | Q(end__gt=on), pk=appointment.pk)
    if not still.filter(start__lte=on).update(end=on, left_why=why):
        raise IllegalMove(f"{appointment} had ended by {on}, or had not begun")
    appointment.refresh_from_db()
    _record_person(appointment, by, gettext_noop("Appointment ended"), why=why)


def _account_of(appointment: Appointment) -> User | None:
    """The one account of this name that has a role in the unit or in the consortium."""
    unit, consortium = appointment.organisation, appointment.body.consortium
    side = Q(roles__consortium=consortium)
    if unit:
        side |= Q(roles__organisation=unit)
    found = User.objects.filter(side, name=appointment.name, is_active=True).distinct()[:2]
    return found[0] if len(found) == 1 else None


APPOINTED = gettext_noop("Somebody appointed")


def _record_person(appointment: Appointment, by: User, action: str, why: str = "") -> None:
    facts: dict[str, Any] = {"person": appointment.name, "role": appointment.role.name_zh}
    record(appointment.body, action, by=by, why=why or f"{appointment.name} · {facts['role']}")


def tell_host(body: Body, message: str, **params: str) -> None:
    """Tell the people of the host; the secretariat where a body has none."""
    to = people_of(body.host) if body.host else secretaries_of(body.consortium)
    notify(to, message, url=body.get_absolute_url(), body=both(body), **params)


def _inscribed(consortium: str, body: str, between: str = " ") -> str:
    """The consortium's name and the body's, as far as a plaque has room."""
    return between.join(name for name in (consortium, body) if name and body)[:200]
