"""Stating without typing: from a template, from what was stated before, from a whole year of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.industry.demand.services import save_position
from silian.industry.demand.work import Work
from silian.industry.occupations.models import Skill
from silian.industry.outlines.models import Template, TemplateSkill
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.codes.models import Code

WORK = [field.name for field in Work._meta.fields]
DAYS = ("starts_on", "ends_on", "open_until")


def facts_of(work: Position | Template) -> dict[str, Any]:
    """What ``work`` says of itself, for another position or template to say too."""
    return {name: getattr(work, name) for name in WORK}


def skills_of(work: Position | Template) -> dict[Skill, int]:
    return {need.skill: need.level for need in work.skill_needs.select_related("skill")}


@transaction.atomic
def state_from(template: Template, *, organisation: Organisation | None, by: User) -> Position:
    """A draft of ``organisation`` that says what ``template`` says, with ``by`` as the contact."""
    contact = {"contact_name": by.name, "contact_phone": by.phone or ""}
    draft = Position(organisation=organisation, **facts_of(template), **contact)
    programmes = list(template.programmes.all())
    return save_position(draft, skills=skills_of(template), programmes=programmes, by=by)


@transaction.atomic
def copy_position(position: Position, *, by: User, **changes: Any) -> Position:
    """A draft that says what ``position`` says, except for ``changes``."""
    kept = ("organisation", "contact_name", "contact_phone", *DAYS)
    facts = facts_of(position) | {name: getattr(position, name) for name in kept}
    draft = Position(copy_of=position, **(facts | changes))
    programmes = list(position.programmes.all())
    return save_position(draft, skills=skills_of(position), programmes=programmes, by=by)


@transaction.atomic
def copy_positions(positions: Iterable[Position], *, by: User) -> list[Position]:
    """Drafts for the next year that has not begun; what was copied for it already is left out."""
    keys = [position.pk for position in positions]
    held = Position.objects.select_for_update(of=("self",)).filter(pk__in=keys).for_lists()
    copied = [copy_for_next_year(position, by=by) for position in held.order_by("pk")]
    return [draft for draft in copied if draft]


def copy_for_next_year(position: Position, *, by: User) -> Position | None:
    days = next_days(position)
    if position.copies.filter(starts_on=days["starts_on"]).exists():
        return None
    return copy_position(position, by=by, **days)


def next_days(position: Position) -> dict[str, date | None]:
    """The same days as many years later as it takes for the work to begin in the future."""
    years = 1
    while position.starts_on and later(position.starts_on, years) <= clock.today():
        years += 1
    days = {name: getattr(position, name) for name in DAYS}
    return {name: day and later(day, years) for name, day in days.items()}


def later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


@transaction.atomic
def save_template(
    template: Template, *, skills: Mapping[Skill, int], programmes: Iterable[Code], by: User
) -> Template:
    """Keep a new or changed template with its skills."""
    new = template.pk is None
    template.save()
    template.programmes.set(programmes)
    template.skill_needs.all().delete()
    TemplateSkill.objects.bulk_create(
        TemplateSkill(template=template, skill=skill, level=level)
        for skill, level in skills.items()
    )
    action = (
        gettext_noop("Position template kept") if new else gettext_noop("Position template changed")
    )
    record(template, action, by=by)
    return template


@transaction.atomic
def keep_as_template(
    position: Position, *, organisation: Organisation | None, by: User
) -> Template:
    """A template that says what ``position`` says; one of the same title is written over.

    Without an ``organisation`` it is a sample for all members.
    """
    same = {"organisation": organisation, "kind": position.kind, "title_zh": position.title_zh}
    template = Template.objects.filter(consortium=position.consortium, **same).first()
    template = template or Template(consortium=position.consortium, organisation=organisation)
    for name, value in facts_of(position).items():
        setattr(template, name, value)
    programmes = list(position.programmes.all())
    return save_template(template, skills=skills_of(position), programmes=programmes, by=by)


@transaction.atomic
def remove_template(template: Template, *, by: User) -> None:
    """Positions stated from it stay as they are."""
    record(
        template.consortium,
        gettext_noop("Position template removed"),
        by=by,
        title=template.title_zh,
    )
    template.delete()
