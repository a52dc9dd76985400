"""What the secretariat does to a body, from the plan to the last day."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.bodies.models import Body
from silian.governance.members.models import Organisation
from silian.governance.plaques.models import Plaque
from silian.governance.plaques.services import issue_plaques, withdraw_plaque
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move


@transaction.atomic
def save_body(body: Body, *, co_builders: Iterable[Organisation], by: User) -> Body:
    """Keep a newly planned body or the changed data of one."""
    action = gettext_noop("Data changed") if body.pk else gettext_noop("Body planned")
    body.save()
    body.co_builders.set(co_builders)
    record(body, action, by=by)
    return body


@transaction.atomic
def found_body(body: Body, *, by: User, on: date, plaque: bool = False) -> None:
    """Declare a planned body open; ``plaque`` also gives its host the plaque (揭牌)."""
    move(body, Body.State.RUNNING, by=by, founded_on=on)
    _tell_host(body, gettext_noop("“%(body)s”, which you host, was founded."))
    if plaque:
        issue_plaque(body, by=by, on=on)


@transaction.atomic
def issue_plaque(body: Body, *, by: User, on: date | None = None) -> Plaque:
    """Give the host the plaque of a body that has none, or whose plaque was withdrawn."""
    held = Body.objects.select_for_update(of=["self"]).select_related("plaque").get(pk=body.pk)
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
def close_body(body: Body, *, by: User, on: date, why: str) -> None:
    """End a body, or give up a planned one; its plaque is withdrawn for the same reason."""
    move(body, Body.State.CLOSED, by=by, why=why, closed_on=on)
    if body.plaque and not body.plaque.withdrawn_on:
        withdraw_plaque(body.plaque, by=by, why=why[:300])
    _tell_host(body, gettext_noop("“%(body)s”, which you host, was closed: %(why)s"), why=why)


def _inscribed(consortium: str, body: str, between: str = " ") -> str:
    """The consortium's name and the body's, as far as a plaque has room."""
    return between.join(name for name in (consortium, body) if name and body)[:200]


def _tell_host(body: Body, message: str, **params: str) -> None:
    if body.host:
        names = {"body": both(body)}
        notify(people_of(body.host), message, url=body.get_absolute_url(), **names, **params)
