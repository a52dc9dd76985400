"""Who may import where, and what may be done with a file that was brought."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.kernel.accounts.models import User
from silian.kernel.sheets.models import Import
from silian.kernel.sheets.registry import Sheet, sheet_named
from silian.kernel.verdicts import YES, Verdict


@dataclass(frozen=True)
class Place:
    """A sheet and the scope that it is imported into."""

    sheet: Sheet[Any]
    scope: Any
    text: str  # the scope as the address writes it


def place_named(name: str, text: str) -> Place | None:
    """The sheet and scope of an address, if both exist."""
    sheet = sheet_named(name)
    try:
        scope = sheet and sheet.scope_from(text)
    except (ValueError, OverflowError):  # "abc" or 10**20 where a key is expected
        return None
    return Place(sheet, scope, text) if sheet and scope is not None else None


def visible_place(user: User, name: str, text: str) -> Place | None:
    """The same for ``user``: None also where they may not import, so that they learn nothing."""
    place = place_named(name, text)
    return place if place and place.sheet.permitted(user, place.scope) else None


def visible_imports(place: Place) -> QuerySet[Import]:
    """What was brought to a place that the reader was found to see (``visible_place``)."""
    imports = Import.objects.filter(sheet=place.sheet.name, scope=place.text)
    return imports.select_related("file", "by", "job")


def may_bring(place: Place, sha256: str) -> Verdict:
    """The same file twice would write the same rows twice."""
    before = visible_imports(place).filter(state=Import.State.DONE, sha256=sha256).first()
    if before:
        return Verdict(_("%(by)s has imported this very file already.") % {"by": before.by})
    return YES


def may_confirm(place: Place, found: Import) -> Verdict:
    if found.state != Import.State.CHECKED:
        return Verdict(_("Only a checked file can be imported."))
    if found.problem_count:
        return Verdict(_("Correct the errors in your file and upload it again."))
    return may_bring(place, found.sha256)


def may_recheck(found: Import) -> Verdict:
    if found.state == Import.State.DONE:
        return Verdict(_("This file has been imported."))
    return YES
