"""The acts of signatories: signed on screen, on paper, with an authority, or refused.

Each happens once: it holds the agreement's row, looks again, and writes act and states together.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.agreements.policy import keepers_of
from silian.governance.roles.policy import people_of
from silian.governance.signatures import policy
from silian.governance.signatures.evidence import seal
from silian.governance.signatures.models import Act, Scan
from silian.governance.signing.models import Method, Process, Signatory
from silian.governance.signing.services import close, complete_if_all, hold
from silian.kernel import authorities, clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import subject_of
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.content import JPEG, JPG, PDF, PNG
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.proofs.services import Proof
from silian.kernel.states import IllegalMove, move
from silian.kernel.verdicts import Verdict

SCANS = frozenset({PDF, JPG, JPEG, PNG})
State = Signatory.State


@transaction.atomic
def sign(signatory: Signatory, *, by: User, proof: Proof, sentence: str) -> Act:
    """Sign on screen. A second click, another window or a repeated request get the same act."""
    held = hold(signatory)
    if known := Act.objects.filter(signatory=held, user=by).first():
        return known
    _insist(policy.may_sign(by, held))
    if (proof.user, proof.purpose) != (by, subject_of(held)):
        raise IllegalMove(f"{held}: a proof of something else")
    facts = {"user": by, "factor": proof.factor, "sentence": sentence}
    return _signed(held, Method.ELECTRONIC, by=by, name=by.name, **facts)


@transaction.atomic
def sign_by_link(signatory: Signatory, *, proof: Proof, sentence: str) -> Act:
    """Sign without an account: by the personal link, and with the code sent to its address."""
    held = hold(signatory)
    if known := Act.objects.filter(signatory=held).first():
        return known
    _insist(policy.may_sign_by_link(held))
    if (proof.address, proof.purpose) != (held.email, subject_of(held)):
        raise IllegalMove(f"{held}: a proof of something else")
    facts = {"factor": proof.factor, "sentence": sentence, "name": held.name}
    return _signed(held, Method.LINK, by=None, **facts)


@transaction.atomic
def refuse(signatory: Signatory, *, by: User, why: str) -> None:
    """Refuse to sign: the agreement goes back to negotiation and everybody is told why."""
    held = hold(signatory)
    _insist(policy.may_refuse(by, held))
    move(held, State.REFUSED, by=by, why=why)
    message = gettext_noop("The signing of “%(agreement)s” was refused. %(why)s")
    close(held.process, Process.State.REFUSED, message, by=by, why=f"{held.name}: {why}")


@transaction.atomic
def enter_scan(
    signatory: Signatory, *, by: User, upload: "UploadedFile[bytes]", signed_on: date
) -> Scan:
    """Hand in a page that was signed on paper; it counts when a second person has checked it."""
    held = hold(signatory)
    _insist(policy.may_enter(by, held))
    file = store(upload, by=by, kinds=SCANS)
    scan = Scan.objects.create(signatory=held, file=file, signed_on=signed_on, by=by)
    move(held, State.CHECKING, by=by)
    record(held.process, gettext_noop("Scan entered"), by=by, signatory=held.name)
    checkers = keepers_of(held.process.agreement).exclude(pk=by.pk)
    message = gettext_noop("A paper signature of “%(agreement)s” waits for your check.")
    notify(checkers, message, url=scan.get_absolute_url(), agreement=_title(held))
    return scan


@transaction.atomic
def accept_scan(scan: Scan, *, by: User) -> Act:
    """The second person has compared the page with the frozen text and found it in order."""
    held = hold(scan.signatory)
    _checked(scan, Scan.State.ACCEPTED, by=by)
    return _signed(held, Method.PAPER, by=by, name=held.name, user=held.user, scan=scan)


@transaction.atomic
def reject_scan(scan: Scan, *, by: User, why: str) -> None:
    """It does not count; another scan may be handed in."""
    held = hold(scan.signatory)
    _checked(scan, Scan.State.REJECTED, by=by, why=why)
    move(held, State.WAITING, by=by, why=why)
    message = gettext_noop("The scan for “%(agreement)s” was rejected: %(why)s")
    people = [scan.by, *(people_of(held.organisation) if held.organisation else [])]
    notify(people, message, url=held.process.get_absolute_url(), why=why, agreement=_title(held))


@transaction.atomic
def accept_receipt(signatory: Signatory, *, by: User, authority: str, receipt: str) -> Act:
    """Count what an outside authority vouches for; ValidationError where it does not fit."""
    held = hold(signatory)
    _insist(policy.may_enter(by, held))
    try:
        told = authorities.known()[authority].verify(receipt)
    except (KeyError, authorities.BadReceipt) as error:
        raise ValidationError(_("This receipt proves nothing: it is damaged or forged.")) from error
    _compare(told, held)
    if Act.objects.filter(authority=authority, serial=told.serial).exists():
        raise ValidationError(_("This receipt has been used already."))
    facts = {"authority": authority, "serial": told.serial, "receipt": receipt}
    return _signed(held, Method.AUTHORITY, by=by, name=told.name, at=told.signed_at, **facts)


def _compare(told: authorities.Verified, signatory: Signatory) -> None:
    """Does the receipt speak of this document, this person and this time?"""
    process = signatory.process
    if process.document is None or told.sha256 != process.document.sha256:
        raise ValidationError(_("The receipt is about another document."))
    unit = signatory.organisation
    names = (unit.name_zh, unit.name_en) if unit else (signatory.name,)
    if told.name != signatory.name or told.organisation not in names:
        who = {"name": told.name, "organisation": told.organisation}
        raise ValidationError(_("The receipt is of %(name)s, %(organisation)s.") % who)
    if process.opened_at is None or not process.opened_at <= told.signed_at <= clock.now():
        raise ValidationError(_("The receipt was not made while this agreement was being signed."))


def _checked(scan: Scan, to: str, *, by: User, why: str = "") -> None:
    scan.refresh_from_db()
    _insist(policy.may_check(by, scan))
    move(scan, to, by=by, why=why, reason=why, checked_by=by, checked_at=clock.now())


def _signed(signatory: Signatory, method: str, *, by: User | None, **facts: Any) -> Act:
    document = signatory.process.document
    if document is None:
        raise IllegalMove(f"{signatory}: there is no document")
    act = Act(signatory=signatory, method=method, sha256=document.sha256)
    for name, value in {"at": clock.now(), **facts}.items():
        setattr(act, name, value)
    seal(act)
    act.save()
    move(signatory, State.SIGNED, by=by)
    action = gettext_noop("Signed")
    facts = {"signatory": signatory.name, "way": method, "sha256": act.sha256}
    record(signatory.process, action, by=by, **facts)
    complete_if_all(signatory.process, by=by)
    return act


def _insist(verdict: Verdict) -> None:
    """What the page offered may have changed since; then somebody else was faster."""
    if not verdict:
        raise IllegalMove(verdict.reason)


def _title(signatory: Signatory) -> dict[str, str]:
    return both(signatory.process.agreement, "title")
