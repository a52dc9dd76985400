"""What is done with an internship, from its preparation to its end."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements.services import end_agreement
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move
from silian.talent.internships.facts import clear, is_signed
from silian.talent.internships.models import Internship, Waiver
from silian.talent.internships.policy import known_to_unit
from silian.talent.placement.models import Placement
from silian.talent.statutes.rules import OFFER, START, Rule, RulesBroken

State = Internship.State
MONTHS = 183  # days that an internship is first thought to last


@transaction.atomic
def save_internship(internship: Internship, *, by: User) -> Internship:
    """Keep a new or changed internship; one that stands must still keep every rule."""
    new = internship.pk is None
    if not new:
        held = Internship.objects.select_for_update().get(pk=internship.pk)
        if held.state != internship.state:
            raise IllegalMove(f"{internship} was moved meanwhile")
        if held.state in Internship.STANDING:
            clear(internship, START if held.state == State.RUNNING else OFFER)
    internship.save()
    action = gettext_noop("Internship prepared") if new else gettext_noop("Internship changed")
    record(internship, action, by=by)
    return internship


@transaction.atomic
def from_placement(placement: Placement, *, by: User) -> Internship:
    """The internship that follows from a confirmed place, with what the position says of it."""
    held = Placement.objects.select_for_update().get(pk=placement.pk)
    if held.state != Placement.State.CONFIRMED:
        raise IllegalMove(f"{placement} is not confirmed")
    if known := Internship.objects.filter(placement=placement).first():
        return known
    position, person = placement.seat.position, placement.student.person
    starts = position.starts_on or clock.today()
    span = (position.ends_on - starts).days if position.ends_on else MONTHS
    internship = Internship(
        consortium=placement.round.consortium,
        student=placement.student,
        unit=position.organisation,
        position=position,
        placement=placement,
        starts_on=starts,
        ends_on=date.fromordinal(starts.toordinal() + max(span, 1)),
        post=position.title_zh,
        place=position.address,
        tasks=position.duties_zh,
        pay=position.pay_low,
        guardian_name=person.guardian_name,
        guardian_email=person.guardian_email,
    )
    return save_internship(internship, by=by)


@transaction.atomic
def check_card(internship: Internship, *, by: User) -> None:
    """The unit has looked at the identity card (禁止使用童工规定 Art. 4)."""
    internship = _hold(internship, State.PREPARED, State.AGREED)
    internship.id_checked_on, internship.id_checked_by = clock.today(), by
    if internship.state == State.AGREED:
        clear(internship, OFFER)
    internship.save(update_fields=["id_checked_on", "id_checked_by"])
    record(internship, gettext_noop("Identity card checked"), by=by)


def settle_if_lawful(internship: Internship, *, by: User | None) -> bool:
    """All have signed: it stands, unless a rule has come to hinder it; the school is told."""
    try:
        settle(internship, by=by)
    except RulesBroken as broken:
        message = gettext_noop("All have signed for %(student)s, but a rule hinders: %(why)s")
        _tell(internship, message, people_of(internship.student.school), why=str(broken))
        return False
    return True


@transaction.atomic
def settle(internship: Internship, *, by: User | None) -> None:
    """It stands from now on and takes up a place at its unit."""
    held = _hold(internship, State.PREPARED)
    if not is_signed(held):
        raise IllegalMove(f"{held}: not signed by all")
    clear(held, OFFER)
    move(internship, State.AGREED, by=by)
    message = gettext_noop("The internship of %(student)s is agreed.")
    _tell(internship, message, _everybody(internship))


@transaction.atomic
def start(internship: Internship, *, by: User) -> None:
    """It begins; every rule is looked at once more."""
    held = _hold(internship, State.AGREED)
    clear(held, START)
    move(internship, State.RUNNING, by=by)
    message = gettext_noop("The internship of %(student)s has begun.")
    _tell(internship, message, _everybody(internship))


@transaction.atomic
def finish(internship: Internship, *, by: User) -> None:
    move(internship, State.FINISHED, by=by, ended_on=internship.ends_on)
    _end_agreement(internship, by=by, on=internship.ends_on, why="")
    message = gettext_noop("The internship of %(student)s is finished.")
    _tell(internship, message, _everybody(internship))


@transaction.atomic
def break_off(internship: Internship, *, by: User, on: date, why: str) -> None:
    """It ends before its time."""
    move(internship, State.BROKEN_OFF, by=by, why=why, ended_on=on)
    _end_agreement(internship, by=by, on=on, why=why)
    message = gettext_noop("The internship of %(student)s was broken off: %(why)s")
    _tell(internship, message, _everybody(internship), why=why)


@transaction.atomic
def cancel(internship: Internship, *, by: User, why: str) -> None:
    """It never begins."""
    move(internship, State.CANCELLED, by=by, why=why)
    _end_agreement(internship, by=by, on=clock.today(), why=why)
    message = gettext_noop("The internship of %(student)s was cancelled: %(why)s")
    _tell(internship, message, _everybody(internship), why=why)


@transaction.atomic
def waive(internship: Internship, rule: Rule, *, by: User, reason: str) -> Waiver:
    """Keep why the school goes against a warning; a former approval no longer counts."""
    facts = {"reason": reason, "by": by, "at": clock.now()}
    facts |= {"approved_by": None, "approved_at": None}
    waiver, _new = Waiver.objects.update_or_create(
        internship=internship, rule=rule.id, version=rule.version, defaults=facts
    )
    record(internship, gettext_noop("Warning passed"), by=by, rule=rule.id, why=reason)
    return waiver


@transaction.atomic
def approve(waiver: Waiver, *, by: User) -> None:
    """A second person of the school stands by the reason."""
    waiting = Waiver.objects.filter(pk=waiver.pk, approved_by=None)
    if not waiting.update(approved_by=by, approved_at=clock.now()):
        raise IllegalMove(f"{waiver} is approved already")
    record(waiver.internship, gettext_noop("Reason approved"), by=by, rule=waiver.rule)


def _hold(internship: Internship, *states: str) -> Internship:
    """The row as it stands; nobody else moves it until this is over."""
    rows = Internship.objects.select_for_update(of=("self",)).select_related(
        "student__programme", "student__person", "unit__industry", "agreement", "insurance"
    )
    held = rows.filter(pk=internship.pk, state__in=states).first()
    if held is None:
        raise IllegalMove(f"{internship} was moved meanwhile")
    return held


def _end_agreement(internship: Internship, *, by: User, on: date, why: str) -> None:
    agreement = internship.agreement
    if agreement and agreement.state != agreement.State.ENDED:
        end_agreement(agreement, by=by, on=on, why=why)


def _everybody(internship: Internship) -> list[User]:
    student = internship.student
    people = [student.user, internship.school_mentor, internship.unit_mentor]
    people += [*people_of(student.school), *people_of(internship.unit)]
    return [person for person in people if person]


def _tell(internship: Internship, message: str, people: Any, **params: Any) -> None:
    tell(internship, message, people, internship.get_absolute_url(), **params)


def tell(
    internship: Internship, message: str, people: Iterable[User], url: str, **params: Any
) -> None:
    """Tell these people; those of the unit by name only where it may know who its intern is."""
    unit = {*people_of(internship.unit).values_list("pk", flat=True), internship.unit_mentor_id}
    unknown = set() if known_to_unit(internship) else unit
    for of_unit, called in ((False, internship.student.name), (True, internship.code)):
        told = [one for one in people if (one.pk in unknown) == of_unit]
        notify(told, message, url=url, student=called, **params)
