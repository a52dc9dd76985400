"""How units are entered, put in order and taken out, and what the whole comes to."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from silian.education.authoring.services import count, hold
from silian.education.standards.figures import sums_of
from silian.education.standards.models import Edition, Taught, Unit
from silian.governance.members.models import Organisation
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import IllegalMove

Skills = Mapping[Skill, int]


class Outdated(Exception):
    """Somebody saved ``unit`` while it was being changed."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        super().__init__(f"{unit} was saved meanwhile")


@transaction.atomic
def save_unit(
    unit: Unit, *, skills: Skills, version: int, by: User, side: Organisation | None = None
) -> Unit:
    """Add a unit at the end, or keep a changed one; Outdated where somebody was faster."""
    edition = hold(unit.edition)
    if unit.pk is None:
        unit.order = _next_order(edition)
        action = gettext_noop("Unit added")
    else:
        stored = Unit.objects.select_for_update(of=("self",)).filter(pk=unit.pk).first()
        if stored is None:
            raise IllegalMove(f"unit {unit.pk} was taken out")
        if stored.version != version:
            raise Outdated(stored)
        unit.version = version + 1
        action = gettext_noop("Unit changed")
    unit.save()
    _teach(unit, skills)
    count(edition, side, by=by, edits=1)
    record(edition, action, by=by, unit=unit.title_zh, hours=unit.hours)
    return unit


@transaction.atomic
def remove_unit(unit: Unit, *, by: User, side: Organisation | None = None) -> None:
    edition = hold(unit.edition)
    record(edition, gettext_noop("Unit taken out"), by=by, unit=unit.title_zh, hours=unit.hours)
    Unit.objects.filter(pk=unit.pk).delete()
    count(edition, side, by=by, edits=1)


@transaction.atomic
def move_unit(unit: Unit, step: int, *, by: User) -> None:
    """One place up (-1) or down (1); at the end nothing happens."""
    edition = hold(unit.edition)
    rows = list(edition.units.order_by("order"))
    place = next((n for n, row in enumerate(rows) if row.pk == unit.pk), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    here, there = rows[place], rows[place + step]
    here.order, there.order = there.order, here.order
    Unit.objects.bulk_update([here, there], ["order"])
    record(edition, gettext_noop("Units put in order"), by=by)


@transaction.atomic
def set_totals(edition: Edition, *, hours: int | None, credits: Decimal | None, by: User) -> None:
    """State what the whole must come to."""
    hold(edition)
    edition.hours, edition.credits = hours, credits
    edition.save(update_fields=["hours", "credits"])
    facts: dict[str, Any] = {"hours": hours, "credits": credits}
    record(edition, gettext_noop("Totals stated"), by=by, **facts)


def take_sums(edition: Edition, *, by: User) -> None:
    """State as the whole what the units come to now."""
    sums = sums_of(edition.units.all())
    set_totals(edition, hours=sums.hours, credits=sums.credits, by=by)


@transaction.atomic
def enter_units(
    edition: Edition,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: User,
    side: Organisation | None = None,
) -> int:
    """Add units from a sheet; one whose title the edition has already is brought up to date."""
    hold(edition)
    known = {unit.title_zh: unit for unit in edition.units.all()}
    order = _next_order(edition)
    for row in rows:
        facts = dict(row)
        skills = facts.pop("skills")
        unit = known.get(facts["title_zh"])
        if unit is None:
            unit, order = Unit(edition=edition, order=order), order + 1
        else:
            unit.version += 1
        for name, value in facts.items():
            setattr(unit, name, value)
        unit.save()
        _teach(unit, skills)
    count(edition, side, by=by, edits=len(rows))
    record(edition, gettext_noop("Units imported"), by=by, number=len(rows))
    return len(rows)


def _teach(unit: Unit, skills: Skills) -> None:
    unit.taught.all().delete()
    Taught.objects.bulk_create(
        Taught(unit=unit, skill=skill, level=level) for skill, level in skills.items()
    )


def _next_order(edition: Edition) -> int:
    last = edition.units.aggregate(last=Max("order"))["last"]
    return (last or 0) + 1
