"""Issuing and withdrawing plaques."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.plaques.models import Numbering, Plaque
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove


@transaction.atomic
def issue_plaques(  # noqa: PLR0913  a plaque is these few facts
    consortium: Consortium,
    holders: Iterable[Organisation],
    *,
    by: User | None,
    inscription_zh: str,
    inscription_en: str = "",
    on: date | None = None,
) -> list[Plaque]:
    """Give each of ``holders`` a plaque with the next numbers of the year."""
    day = on or clock.today()
    numbers = _free_numbers(consortium, day.year)
    plaques = []
    for holder in holders:
        plaque = Plaque(consortium=consortium, organisation=holder, number=next(numbers))
        plaque.inscription_zh, plaque.inscription_en = inscription_zh, inscription_en
        plaque.issued_on = day
        plaque.save()
        record(plaque, gettext_noop("Plaque issued"), by=by)
        _tell_holder(plaque, gettext_noop("Plaque %(number)s was issued by %(consortium)s."))
        plaques.append(plaque)
    return plaques


@transaction.atomic
def withdraw_plaque(plaque: Plaque, *, by: User, why: str) -> None:
    """Declare the plaque void from today; it stays in the register with the reason."""
    facts = {"withdrawn_on": clock.today(), "withdrawn_why": why}
    if not Plaque.objects.filter(pk=plaque.pk, withdrawn_on=None).update(**facts):
        raise IllegalMove(f"{plaque} was withdrawn already")
    plaque.refresh_from_db()
    record(plaque, gettext_noop("Plaque withdrawn"), by=by, why=why)
    _tell_holder(plaque, gettext_noop("Plaque %(number)s was withdrawn: %(why)s"), why=why)


@transaction.atomic
def set_numbering(numbering: Numbering, *, by: User) -> None:
    """Change how later plaques are numbered; those issued keep their numbers."""
    numbering.save()
    facts = {"prefix": numbering.prefix, "digits": numbering.digits}
    record(numbering.consortium, gettext_noop("Plaque numbering set"), by=by, **facts)


def numbering_of(consortium: Consortium) -> Numbering:
    """The consortium's own rule, or one that starts with its short address."""
    known = Numbering.objects.filter(consortium=consortium).first()
    return known or Numbering(consortium=consortium, prefix=consortium.slug.upper())


def _free_numbers(consortium: Consortium, year: int) -> Iterator[str]:
    """The year's next numbers; the lock makes whoever else issues wait for this transaction."""
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    rule = numbering_of(consortium)
    stem = rule.stem(year)
    taken = Plaque.objects.filter(number__startswith=stem).values_list("number", flat=True)
    serials = [int(tail) for tail in (n.removeprefix(stem) for n in taken) if tail.isdigit()]
    return (rule.number(year, serial) for serial in count(max(serials, default=0) + 1))


def _tell_holder(plaque: Plaque, message: str, **params: str) -> None:
    url = reverse("plaques:plaque_check", args=[plaque.number])
    names = {"number": plaque.number, "consortium": both(plaque.consortium)}
    notify(people_of(plaque.organisation), message, url=url, **names, **params)
