"""How a standard begins, how its next edition begins, and how somebody asks for a change."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.standards.models import (
    ChangeRequest,
    Edition,
    Section,
    Standard,
    Taught,
    Unit,
)
from silian.education.standards.sections import shipped
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify


@transaction.atomic
def create_standard(standard: Standard, *, aims: str = "", by: User) -> Edition:
    """Begin a standard with its first edition, a draft with empty sections."""
    standard.save()
    record(standard, gettext_noop("Standard begun"), by=by, programme=standard.programme.name_zh)
    edition = Edition.objects.create(standard=standard, number=1, aims=aims)
    Section.objects.bulk_create(
        Section(edition=edition, kind=kind.key) for kind in shipped()[standard.kind]
    )
    record(edition, gettext_noop("Edition begun"), by=by)
    return edition


@transaction.atomic
def begin_edition(standard: Standard, *, aims: str = "", by: User) -> Edition:
    """Begin the next edition with what the last one says; the last one stays as it is."""
    held = Standard.objects.select_for_update(of=("self",)).get(pk=standard.pk)
    last = held.editions.order_by("-number").first()
    if last is None:
        raise ValueError(f"{standard} has no edition to go on from")
    edition = Edition.objects.create(
        standard=standard,
        number=last.number + 1,
        aims=aims,
        hours=last.hours,
        credits=last.credits,
    )
    said = dict(last.sections.values_list("kind", "text"))
    Section.objects.bulk_create(
        Section(edition=edition, kind=kind.key, text=said.get(kind.key, ""), by=by)
        for kind in shipped()[standard.kind]
    )
    _copy_units(last, edition)
    record(edition, gettext_noop("Edition begun"), by=by, after=last.number)
    return edition


def _copy_units(old: Edition, new: Edition) -> None:
    """The same units; ``line`` keeps them comparable when their titles change."""
    copies: list[Unit] = []
    taught: list[Taught] = []
    for unit in old.units.prefetch_related("taught"):
        skills = list(unit.taught.all())
        unit.pk, unit.edition, unit.version = None, new, 1
        unit._state.adding = True
        copies.append(unit)
        taught += [Taught(unit=unit, skill_id=row.skill_id, level=row.level) for row in skills]
    Unit.objects.bulk_create(copies)
    Taught.objects.bulk_create(taught)


@transaction.atomic
def request_change(  # noqa: PLR0913  who asks for what, and why
    standard: Standard,
    *,
    by: User,
    text: str,
    organisation: Organisation | None = None,
    skill: Skill | None = None,
    evidence: dict[str, Any] | None = None,
) -> ChangeRequest:
    """Ask the school of ``standard`` to change something; its people are told.

    ``evidence`` is kept as it is now: ``figures`` (label: value) and ``lines`` (texts) are shown.
    """
    asked = ChangeRequest.objects.create(
        standard=standard,
        by=by,
        organisation=organisation,
        skill=skill,
        text=text,
        evidence=evidence or {},
    )
    record(standard, gettext_noop("Change asked for"), by=by, text=text)
    others = [one for one in people_of(standard.programme.school) if one != by]
    message = gettext_noop("A change of “%(standard)s” is asked for.")
    notify(others, message, url=asked.get_absolute_url(), standard=both(standard, "title"))
    return asked
