"""Keeping the register. Each function is one thing somebody does."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.industry.enterprises.models import Profile
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.search import services as search

BATCH = 2000
ABOUT_FIRM = "name_en region address industry scale above_scale staff_count".split()
ABOUT_PROFILE = "park products_zh products_en".split()


@transaction.atomic
def save_profile(profile: Profile, *, by: User) -> Profile:
    """Keep what an enterprise makes and where."""
    profile.save()
    record(profile.organisation, gettext_noop("Products and park changed"), by=by)
    return profile


@transaction.atomic
def enter_enterprises(
    rows: Sequence[dict[str, Any]], *, consortium: Consortium, by: User
) -> tuple[int, int]:
    """Enter the rows of a sheet; return how many are new and how many were brought up to date.

    An enterprise is known by its credit code. An empty cell leaves what is there.
    """
    known = {
        firm.credit_code: firm
        for firm in Organisation.objects.select_for_update().filter(
            credit_code__in=[row["credit_code"] for row in rows]
        )
    }
    new: list[Organisation] = []
    old: list[Organisation] = []
    for row in rows:
        firm = known.get(row["credit_code"])
        kept = _firm(firm or Organisation(kind=Organisation.Kind.ENTERPRISE), row)
        (old if firm else new).append(kept)
    Organisation.objects.bulk_create(new, batch_size=BATCH)
    Organisation.objects.bulk_update(old, ["name_zh", *ABOUT_FIRM], batch_size=BATCH)
    firms = {firm.credit_code: firm for firm in (*new, *old)}
    _enter_profiles(rows, firms)
    _find_again(firms.values())
    counts = {"added": len(new), "changed": len(old)}
    record(consortium, gettext_noop("Register of enterprises imported"), by=by, **counts)
    return len(new), len(old)


def _firm(firm: Organisation, row: dict[str, Any]) -> Organisation:
    firm.name_zh, firm.credit_code = row["name_zh"], row["credit_code"]
    for name in ABOUT_FIRM:
        if row[name] not in (None, ""):
            setattr(firm, name, row[name])
    return firm


def _enter_profiles(rows: Sequence[dict[str, Any]], firms: dict[str | None, Organisation]) -> None:
    keys = [firm.pk for firm in firms.values()]
    there = {one.organisation_id: one for one in Profile.objects.filter(organisation__in=keys)}
    for row in rows:
        key = firms[row["credit_code"]].pk
        profile = there.setdefault(key, Profile(organisation_id=key))
        for name in ABOUT_PROFILE:
            if row[name]:
                setattr(profile, name, row[name])
    Profile.objects.bulk_create(
        there.values(),
        update_conflicts=True,
        unique_fields=["organisation"],
        update_fields=ABOUT_PROFILE,
        batch_size=BATCH,
    )


def _find_again(firms: Iterable[Organisation]) -> None:
    """Rows that go in at once are not indexed one by one."""
    kind = search.kinds[Organisation._meta.label]
    keys = [firm.pk for firm in firms]
    for start in range(0, len(keys), BATCH):
        search.write(kind, search.rows_of(Organisation).filter(pk__in=keys[start : start + BATCH]))
