"""Adopting a charter, as it was drafted or from a sample. Nothing that was adopted is changed."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.charters.models import (
    SITS_IN,
    Charter,
    Matter,
    MatterRule,
    Organ,
    Post,
    SeatRule,
    Weight,
)
from silian.governance.charters.reading import Content
from silian.governance.charters.samples import sample
from silian.governance.consortia.models import Consortium
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify

ADOPTED = gettext_noop("Charter adopted")
NEWS = timedelta(days=31)  # what has been in force for longer is history that is only entered now
CALLED_BY = {
    Charter.Caller.CHAIR: Post.CHAIR,
    Charter.Caller.EXECUTIVE_VICE_CHAIR: Post.EXECUTIVE_VICE_CHAIR,
    Charter.Caller.SUPERVISORS: Post.SUPERVISOR,
}


@transaction.atomic
def adopt_charter(
    charter: Charter,
    *,
    seats: Sequence[SeatRule],
    matters: Sequence[MatterRule],
    weights: Sequence[Weight],
    by: User | None,
) -> Charter:
    """Keep ``charter`` and its rows, none of them saved yet, as the next version.

    Raises ValidationError where they contradict each other or the version before.
    """
    Consortium.objects.select_for_update().get(pk=charter.consortium_id)
    content = Content(charter, list(seats), list(matters), list(weights))
    faults = list(contradictions(content))
    if faults:
        raise ValidationError(faults)
    newest = charter.consortium.charters.first()
    charter.version = newest.version + 1 if newest else 1
    charter.save(force_insert=True)
    rows: list[SeatRule | MatterRule | Weight] = [*seats, *matters, *weights]
    for row in rows:
        row.charter = charter
        row.save(force_insert=True)
    facts = {"version": charter.version, "in_force_from": charter.in_force_from}
    record(charter.consortium, ADOPTED, by=by, **facts)
    record(charter, ADOPTED, by=by, **_as_recorded(content))
    _announce(charter)
    return charter


def adopt_sample(  # noqa: PLR0913  an adoption is these facts
    consortium: Consortium,
    name: str,
    *,
    by: User | None,
    in_force_from: date,
    basis: str = "",
    seats: Sequence[SeatRule] | None = None,
) -> Charter:
    """Adopt a sample as it stands, or with other ``seats``; KeyError for no sample."""
    content = sample(name).content_for(consortium)
    content.charter.in_force_from, content.charter.basis = in_force_from, basis
    return adopt_charter(
        content.charter,
        seats=content.seats if seats is None else seats,
        matters=content.matters,
        weights=content.weights,
        by=by,
    )


def contradictions(content: Content) -> Iterator[str]:
    """What in a charter cannot stand beside the rest of it, or beside the version before."""
    charter, posts = content.charter, {seat.post for seat in content.seats}
    newest = charter.consortium.charters.first()
    if newest and charter.in_force_from < newest.in_force_from:
        day = {"day": newest.in_force_from}
        yield _("The version before it is in force from %(day)s; this one cannot be earlier.") % day
    if not posts:
        yield _("A charter has seats.")
    if not content.matters:
        yield _("A charter says what its organs need to decide.")
    for organ in dict.fromkeys(rule.organ for rule in content.matters):
        matters = {rule.matter for rule in content.matters if rule.organ == organ}
        words = {"organ": Organ(organ).label}
        if Matter.ORDINARY not in matters:
            yield _("%(organ)s: there is no rule for ordinary matters.") % words
        if not posts & set(SITS_IN.get(Organ(organ), posts)):
            yield _("%(organ)s: there are rules but no seats.") % words
    for caller, post in CALLED_BY.items():
        if caller in charter.callers and post not in posts:
            words = {"caller": caller.label, "post": post.label}
            yield _("A meeting is called by %(caller)s, but there is no seat of %(post)s.") % words


def _as_recorded(content: Content) -> dict[str, Any]:
    """Everything that is adopted, so that what is kept can be held against the record."""
    charter = content.charter
    texts = f"{charter.text_zh}\n{charter.text_en}"
    rows: dict[str, Sequence[Model]] = {
        "seats": content.seats,
        "matters": content.matters,
        "weights": content.weights,
    }
    return {
        **model_to_dict(charter, exclude=["id", "consortium", "text_zh", "text_en"]),
        "sha256_of_texts": hashlib.sha256(texts.encode()).hexdigest(),
        **{
            name: [model_to_dict(row, exclude=["id", "charter"]) for row in found]
            for name, found in rows.items()
        },
    }


def _announce(charter: Charter) -> None:
    if charter.in_force_from < clock.today() - NEWS:
        return
    members = charter.consortium.memberships.filter(state="admitted")
    roles = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=members.values("organisation")
    )
    people = User.objects.filter(is_active=True, pk__in=roles.values("user"))
    notify(
        people,
        gettext_noop("%(consortium)s has a new charter, in force from %(day)s."),
        url=charter.get_absolute_url(),
        consortium=both(charter.consortium),
        day=charter.in_force_from.isoformat(),
    )
