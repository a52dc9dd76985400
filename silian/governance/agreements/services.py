"""What happens to an agreement: drafted, changed, signed, ended."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements.models import Agreement, Party
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Agreement.State


@transaction.atomic
def save_agreement(agreement: Agreement, *, parties: Sequence[Organisation], by: User) -> Agreement:
    """Keep a new or changed draft; the first of ``parties`` is Party A (甲方), and so on."""
    action = gettext_noop("Draft changed") if agreement.pk else gettext_noop("Draft made")
    if agreement.pk and not _held(agreement):
        raise IllegalMove(f"{agreement} is no draft any more")
    agreement.save()
    agreement.party_set.all().delete()
    Party.objects.bulk_create(
        Party(agreement=agreement, organisation=organisation, order=order)
        for order, organisation in enumerate(parties, start=1)
    )
    record(agreement, action, by=by, parties=[party.name_zh for party in parties])
    return agreement


@transaction.atomic
def sign_agreement(agreement: Agreement, *, by: User, on: date) -> None:
    """Note that every party has signed; from now on it is public."""
    move(agreement, State.SIGNED, by=by, signed_on=on)
    _tell_parties(agreement, gettext_noop("The agreement “%(agreement)s” was signed."))


@transaction.atomic
def end_agreement(agreement: Agreement, *, by: User, on: date, why: str) -> None:
    """Note that a signed agreement is over, or that a draft was given up."""
    move(agreement, State.ENDED, by=by, why=why, ended_on=on)
    message = gettext_noop("The agreement “%(agreement)s” has ended: %(why)s")
    _tell_parties(agreement, message, why=why)


def _held(agreement: Agreement) -> bool:
    """Is it still a draft? Nobody signs or ends it until this transaction is over."""
    drafts = Agreement.objects.select_for_update().filter(pk=agreement.pk, state=State.DRAFT)
    return drafts.first() is not None


def _tell_parties(agreement: Agreement, message: str, **params: str) -> None:
    parties = Organisation.objects.filter(agreements=agreement)
    people = [person for party in parties for person in people_of(party)]
    title = both(agreement, "title")
    notify(people, message, url=agreement.get_absolute_url(), agreement=title, **params)


@transaction.atomic
def thaw(agreement: Agreement, *, by: User | None, why: str) -> None:
    move(agreement, State.DRAFT, by=by, why=why, frozen=None, check_code=None)
    message = gettext_noop("“%(agreement)s” is being negotiated again: %(why)s")
    _tell_parties(agreement, message, why=why)


@transaction.atomic
def conclude(agreement: Agreement, *, by: User | None, on: date) -> None:
    move(agreement, State.SIGNED, by=by, signed_on=on)
    _tell_parties(agreement, gettext_noop("The agreement “%(agreement)s” was signed."))
