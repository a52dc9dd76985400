"""Pledging, delivering, confirming and taking back. The ledger only grows."""

from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from silian.governance.contributions.models import Confirmation, Entry, Pledge
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import acts_for, people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

Line = TypeVar("Line", Pledge, Entry)


@transaction.atomic
def pledge(promised: Pledge, *, by: User | None) -> Pledge:
    """Enter what a party promised to give; the same form sent twice enters it once."""
    if (earlier := _saved(promised)) is not promised:
        return earlier
    facts = {"amount": str(promised.amount), "unit": promised.unit}
    record(promised, gettext_noop("Pledge entered"), by=by, **facts)
    _tell(promised, promised.receiver, gettext_noop("%(giver)s has pledged: %(text)s"))
    return promised


@transaction.atomic
def cancel(promised: Pledge, *, by: User, why: str) -> None:
    """Nothing more is asked for; what was given remains given."""
    move(promised, Pledge.State.CANCELLED, by=by, why=why)
    message = gettext_noop("A pledge was cancelled: %(text)s. %(why)s")
    _tell(promised, promised.giver, message, why=why)


@transaction.atomic
def deliver(
    entry: Entry, *, by: User | None, evidence: "UploadedFile[bytes] | None" = None
) -> Entry:
    """Enter that something was given; it counts once the receiver confirms.

    The same form sent twice, because an answer was lost or two tabs were open, enters it once.
    """
    entry.by = by
    entry.evidence = store(evidence, by=by) if evidence else None
    if (earlier := _saved(entry)) is not entry:
        return earlier
    facts = {"amount": str(entry.amount), "unit": entry.unit, "on": str(entry.on)}
    record(entry, gettext_noop("Delivery entered"), by=by, **facts)
    message = gettext_noop("%(giver)s has given: %(text)s. Please confirm it.")
    _tell(entry, entry.receiver, message)
    return entry


@transaction.atomic
def confirm(entry: Entry, *, by: User | None) -> Confirmation:
    """The receiver has it: from now on it counts."""
    said = _answer(entry, by=by, accepted=True)
    record(entry, gettext_noop("Delivery confirmed"), by=by)
    _tell(entry, entry.giver, gettext_noop("%(receiver)s has confirmed: %(text)s"))
    return said


@transaction.atomic
def object_to(entry: Entry, *, by: User, why: str) -> Confirmation:
    """The receiver has it not, or not so: it never counts."""
    said = _answer(entry, by=by, accepted=False, reason=why)
    record(entry, gettext_noop("Delivery objected to"), by=by, why=why)
    message = gettext_noop("%(receiver)s objects: %(text)s. %(why)s")
    _tell(entry, entry.giver, message, why=why)
    return said


@transaction.atomic
def reverse_entry(entry: Entry, *, by: User, why: str) -> Entry:
    """Take a line back by its exact opposite.

    What the receiver has confirmed counts until the receiver confirms the reversal as well; where
    the receiver itself takes it back, that is done at once. It belongs to the day on which it is
    taken back: a statement of a year that is over stays as it was.
    """
    held = _held(entry)
    same = "agreement pledge giver receiver kind unit".split()
    facts: dict[str, Any] = {name: getattr(held, name) for name in same}
    facts |= {"amount": -held.amount, "on": clock.today(), "text": why[:200], "by": by}
    if hasattr(held, "reversal"):
        raise IllegalMove(f"{entry} is reversed already")
    back = Entry.objects.create(reverses=held, **facts)
    record(entry, gettext_noop("Delivery reversed"), by=by, why=why)
    message = gettext_noop("Taken back: %(text)s. %(why)s")
    for side in (entry.giver, entry.receiver):
        _tell(entry, side, message, why=why)
    counted = hasattr(held, "confirmation") and held.confirmation.accepted
    if counted and acts_for(by, held.receiver):
        Confirmation.objects.create(entry=back, accepted=True, by=by)
    return back


def _answer(entry: Entry, *, by: User | None, accepted: bool, reason: str = "") -> Confirmation:
    held = _held(entry)
    if not Entry.objects.waiting().filter(pk=held.pk).exists():
        raise IllegalMove(f"{entry} is answered or reversed already")
    return Confirmation.objects.create(entry=held, accepted=accepted, reason=reason, by=by)


def _held(entry: Entry) -> Entry:
    """The row as it stands; nobody else answers or reverses it until this transaction is over."""
    return Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)


def _saved(row: Line) -> Line:
    """``row``, or the one that came by the same form before and says the same."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        known: Line | None = type(row)._default_manager.filter(token=row.token).first()
        if known is None:
            raise
        for name in "agreement_id giver_id receiver_id kind unit amount".split():
            if getattr(known, name) != getattr(row, name):
                raise IllegalMove(f"{known} came by this form, and was something else") from None
        return known
    return row


def _tell(row: Line, whom: Organisation, message: str, **params: Any) -> None:
    text = both(row, "text") if isinstance(row, Pledge) else row.text
    words: dict[str, Any] = {"giver": both(row.giver), "receiver": both(row.receiver), "text": text}
    notify(people_of(whom), message, url=row.get_absolute_url(), **words, **params)
