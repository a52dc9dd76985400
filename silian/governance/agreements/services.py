"""What happens to an agreement once its text stands: thawed, signed, registered, ended."""

import secrets
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.succession import close, take_effect
from silian.governance.consortia.models import Consortium
from silian.governance.plaques.services import numbering_of
from silian.governance.roles.policy import people_of
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.files import services as files
from silian.kernel.files.content import IMAGES, PDF
from silian.kernel.notices.services import notify
from silian.kernel.states import move

State = Agreement.State
SCANS = frozenset({PDF, *IMAGES})
DIGITS = 3  # of the serial in a number
PUBLIC, PERSONAL = "XY", "SX"  # 协议, 实习: the public numbers tell nothing of the others


@transaction.atomic
def conclude(agreement: Agreement, *, by: User | None, on: date) -> None:
    """Note that the last party has signed; from now on it is in force and public."""
    move(agreement, State.SIGNED, by=by, signed_on=on)
    take_effect(agreement, by=by)
    tell_parties(agreement, gettext_noop("The agreement “%(agreement)s” was signed."))


@transaction.atomic
def register_signed(
    agreement: Agreement, *, by: User, on: date, scan: "UploadedFile[bytes] | None" = None
) -> None:
    """Enter what was signed on paper elsewhere, with its ``scan`` as the evidence."""
    facts: dict[str, Any] = {"signed_on": on}
    if scan:
        stored = files.store(scan, by=by, kinds=SCANS)
        facts |= {"frozen": stored, "check_code": new_code()}
        facts["number"] = agreement.number or next_number(agreement.consortium, on.year)
    move(agreement, State.SIGNED, by=by, **facts)
    take_effect(agreement, by=by)
    tell_parties(agreement, gettext_noop("The agreement “%(agreement)s” was signed."))


@transaction.atomic
def thaw(agreement: Agreement, *, by: User | None, why: str) -> None:
    """Back to the table before all have signed: its text may change, its PDF counts no more."""
    move(agreement, State.DRAFT, by=by, why=why, frozen=None, check_code=None)
    message = gettext_noop("“%(agreement)s” is being negotiated again: %(why)s")
    tell_parties(agreement, message, why=why)


@transaction.atomic
def end_agreement(agreement: Agreement, *, by: User, on: date, why: str) -> None:
    """Note that a signed agreement is over, early or not, or that a draft was given up."""
    End = Agreement.End
    early = agreement.expires_on is not None and on < agreement.expires_on
    over = End.EARLY if early else End.FULFILLED
    end = over if agreement.state == State.SIGNED else End.GIVEN_UP
    close(agreement, by=by, on=on, why=why, end=end)


def number_of(agreement: Agreement, year: int) -> str:
    """The number that ``agreement`` gets: a person's comes from a series of its own."""
    return next_number(agreement.consortium, year, PERSONAL if agreement.is_personal else PUBLIC)


def next_number(consortium: Consortium, year: int, series: str = PUBLIC) -> str:
    """The year's next number; the lock makes whoever else needs one wait for this transaction."""
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    stem = f"{numbering_of(consortium).prefix}-{series}-{year}-"
    taken = Agreement.everything.filter(consortium=consortium, number__startswith=stem)
    serials = [number.removeprefix(stem) for number in taken.values_list("number", flat=True)]
    last = max((int(serial) for serial in serials if serial.isdigit()), default=0)
    return f"{stem}{last + 1:0{DIGITS}}"


def new_code() -> str:
    """What leads to the check page, and cannot be guessed."""
    return secrets.token_hex(10)


def tell_parties(agreement: Agreement, message: str, **params: Any) -> None:
    """Tell the people of all parties, and the person who is one."""
    people: list[User] = []
    for party in agreement.party_set.select_related("organisation", "user"):
        people += people_of(party.organisation) if party.organisation else []
        people += [party.user] if party.user else []
    title = both(agreement, "title")
    notify(people, message, url=agreement.get_absolute_url(), agreement=title, **params)
