"""How a signed agreement is ended early, followed by its renewal, and registered."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements import succession
from silian.governance.agreements.checks import date_in
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.services import tell_parties
from silian.governance.changes import policy
from silian.governance.changes.models import EarlyEnd, EarlyEndAnswer, Registration
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = EarlyEnd.State


@transaction.atomic
def propose_end(early_end: EarlyEnd, *, by: User) -> EarlyEnd:
    """A party, or the secretariat, asks to end an agreement; the others are asked."""
    agreement = Agreement.objects.select_for_update().get(pk=early_end.agreement_id)
    if agreement.state != Agreement.State.SIGNED:
        raise IllegalMove(f"{agreement} is not in force")
    try:
        with transaction.atomic():
            early_end.save()
    except IntegrityError as error:
        raise IllegalMove(f"somebody has asked to end {agreement} already") from error
    asker = early_end.organisation.name_zh if early_end.organisation else ""
    facts = {"organisation": asker, "last_day": str(early_end.last_day)}
    record(agreement, gettext_noop("Early end asked for"), by=by, why=early_end.reason, **facts)
    message = gettext_noop("“%(agreement)s” is to end early. Please answer: %(why)s")
    _tell(early_end, message, why=early_end.reason)
    return early_end


@transaction.atomic
def answer_end(
    early_end: EarlyEnd, organisation: Organisation, *, by: User, agrees: bool, text: str = ""
) -> None:
    """One party agrees or objects; when all others agree, it is agreed."""
    held = _held(early_end, State.PROPOSED)
    if organisation not in policy.asked(held):
        raise IllegalMove(f"{organisation} is not asked, or has answered")
    EarlyEndAnswer.objects.create(
        early_end=held, organisation=organisation, agrees=agrees, text=text, by=by
    )
    action = (
        gettext_noop("Early end agreed to") if agrees else gettext_noop("Early end objected to")
    )
    record(held.agreement, action, by=by, organisation=organisation.name_zh, why=text)
    if not agrees:
        move(early_end, State.OBJECTED, by=by, why=text)
        message = gettext_noop("There is an objection to ending “%(agreement)s”: %(why)s")
        _tell(early_end, message, why=text)
    elif not policy.asked(_held(early_end, State.PROPOSED)):
        _agreed(early_end, by=by)


@transaction.atomic
def withdraw_end(early_end: EarlyEnd, *, by: User, why: str) -> None:
    """Whoever asked no longer wants it; the agreement goes on."""
    move(early_end, State.WITHDRAWN, by=by, why=why)
    record(early_end.agreement, gettext_noop("Early end withdrawn"), by=by, why=why)
    _tell(early_end, gettext_noop("“%(agreement)s” goes on: %(why)s"), why=why)


@transaction.atomic
def decide_end(
    early_end: EarlyEnd, *, by: User, basis: str, paper: "UploadedFile[bytes]", last_day: date
) -> None:
    """The secretariat ends it on a written basis, such as a ruling or letters of all parties."""
    facts = {"basis": basis, "paper": store(paper, by=by), "last_day": last_day}
    _agreed(early_end, by=by, why=basis, **facts)


def _agreed(early_end: EarlyEnd, *, by: User, why: str = "", **facts: object) -> None:
    facts.setdefault("last_day", early_end.effective_on)
    move(early_end, State.AGREED, by=by, why=why, **facts)
    if early_end.last_day <= clock.today():
        _finish(early_end, by=by)
    else:
        day = early_end.last_day.isoformat()
        _tell(early_end, gettext_noop("“%(agreement)s” ends on %(day)s."), day=day)


def _finish(early_end: EarlyEnd, *, by: User | None) -> None:
    move(early_end, State.DONE, by=by)
    why = early_end.basis or early_end.reason
    agreement = early_end.agreement
    succession.end_early(agreement, by=by, on=early_end.last_day, why=why)


def finish_due() -> int:
    """End what was agreed to end by today; how many?"""
    due = EarlyEnd.objects.filter(state=State.AGREED, last_day__lt=clock.today())
    rows = list(due.select_related("agreement__consortium"))
    for early_end in rows:
        with transaction.atomic():
            _finish(early_end, by=None)
    return len(rows)


def replace_renewed() -> int:
    """End agreements whose renewal has begun; how many?"""
    renewed = Agreement.objects.signed().filter(renewals__state=Agreement.State.SIGNED)
    done = 0
    for agreement in renewed.distinct().select_related("consortium"):
        renewal = agreement.renewals.filter(state=Agreement.State.SIGNED).latest("signed_on")
        begins = date_in(renewal.terms.get("starts_on")) or renewal.signed_on
        if begins and begins <= clock.today():
            with transaction.atomic():
                succession.replace(agreement, by=None, on=begins)
            done += 1
    return done


def drop_early_ends(agreement_id: int) -> None:
    """An agreement has ended in another way: nobody needs to answer any more."""
    for early_end in EarlyEnd.objects.filter(agreement=agreement_id, state__in=EarlyEnd.RUNNING):
        move(early_end, State.WITHDRAWN, by=None)


@transaction.atomic
def register(agreement: Agreement, *, by: User, number: str, registered_on: date) -> Registration:
    """Keep the registration of a technology contract, which its seller obtained."""
    seller = policy.seller_of(agreement)
    if seller is None:
        raise ValueError(f"{agreement} names no seller")
    registration = Registration(
        agreement=agreement, seller=seller, number=number, registered_on=registered_on, by=by
    )
    try:
        with transaction.atomic():
            registration.save()
    except IntegrityError as error:
        raise IllegalMove(f"{agreement} or {number} is registered already") from error
    record(agreement, gettext_noop("Technology contract registered"), by=by, number=number)
    tell_parties(
        agreement, gettext_noop("“%(agreement)s” is registered: %(number)s"), number=number
    )
    return registration


def _held(early_end: EarlyEnd, state: str) -> EarlyEnd:
    """The row as it stands; nobody else answers until this transaction is over."""
    rows = EarlyEnd.objects.select_for_update(of=("self",)).select_related("agreement__consortium")
    held = rows.filter(pk=early_end.pk, state=state).first()
    if held is None:
        raise IllegalMove(f"{early_end} is answered or over")
    return held


def _tell(early_end: EarlyEnd, message: str, **params: Any) -> None:
    """All parties and the secretariat."""
    agreement = early_end.agreement
    parties = Organisation.objects.filter(agreements=agreement)
    people = [person for party in parties for person in people_of(party)]
    people += secretaries_of(agreement.consortium)
    title = both(agreement, "title")
    notify(people, message, url=early_end.get_absolute_url(), agreement=title, **params)
