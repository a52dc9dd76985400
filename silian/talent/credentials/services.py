"""Setting up kinds and officers; issuing, revoking, correcting, issuing again."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record, record_each
from silian.kernel.bilingual import both
from silian.kernel.files.models import StoredFile
from silian.kernel.notices.services import notify
from silian.kernel.persons.models import Person
from silian.kernel.states import move
from silian.talent.credentials.models import Certificate, Copy, Kind, Officer
from silian.talent.credentials.serials import take_numbers
from silian.talent.records.models import Entry

State = Certificate.State
AT_ONCE = 500  # rows that one statement writes
PRINTED = "person level name hours event_zh event_en photo earned_on expires_on".split()


@dataclass(frozen=True)
class Holder:
    """Who gets a certificate, and what stands on it."""

    person: Person
    earned_on: date
    level: str = ""
    hours: Decimal | None = None
    event_zh: str = ""
    event_en: str = ""
    photo: StoredFile | None = None


@transaction.atomic
def save_kind(kind: Kind, *, by: User) -> Kind:
    new = kind.pk is None
    kind.save()
    action = gettext_noop("Kind of certificate set up")
    record(kind, action if new else gettext_noop("Kind of certificate changed"), by=by)
    return kind


@transaction.atomic
def retire_kind(kind: Kind, *, by: User) -> None:
    """Nothing more is issued of it; what was issued stays as it is."""
    Kind.objects.filter(pk=kind.pk, retired_on=None).update(retired_on=clock.today())
    record(kind, gettext_noop("Kind of certificate retired"), by=by)


@transaction.atomic
def appoint(consortium: Consortium, *, organisation: Organisation, user: User, by: User) -> Officer:
    """Make somebody an issuing officer of ``organisation``."""
    facts = {"consortium": consortium, "organisation": organisation, "user": user}
    officer = Officer.objects.create(**facts)
    action = gettext_noop("Issuing officer appointed")
    record(consortium, action, by=by, name=user.name, organisation=organisation.name_zh)
    message = gettext_noop("You issue certificates in the name of %(organisation)s.")
    url = reverse("credentials:certificate_index", args=[consortium])
    notify([user], message, url=url, organisation=both(organisation))
    return officer


@transaction.atomic
def dismiss(officer: Officer, *, by: User) -> None:
    """From today on they issue nothing."""
    Officer.objects.filter(pk=officer.pk).update(end=clock.today())
    facts = {"name": officer.user.name, "organisation": officer.organisation.name_zh}
    record(officer.consortium, gettext_noop("Issuing officer dismissed"), by=by, **facts)


def last_day(kind: Kind, issued_on: date) -> date | None:
    """Until when a certificate of ``kind`` counts; None without an end."""
    if not kind.months:
        return None
    years, month = divmod(issued_on.month - 1 + kind.months, 12)
    year, month = issued_on.year + years, month + 1
    return date(year, month, min(issued_on.day, calendar.monthrange(year, month)[1]))


@transaction.atomic
def issue(
    kind: Kind,
    holders: Sequence[Holder],
    *,
    by: User | None,
    on: date | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Certificate]:
    """Give each of ``holders`` a certificate with the next number; all or none."""
    day = on or clock.today()
    numbers = take_numbers(kind, [holder.level for holder in holders], day.year)
    rows = [
        _certificate(kind, holder, number, day, by)
        for holder, number in zip(holders, numbers, strict=True)
    ]
    issued: list[Certificate] = []
    for start in range(0, len(rows), AT_ONCE):
        part = Certificate.objects.bulk_create(rows[start : start + AT_ONCE])
        record_each(part, gettext_noop("Certificate issued"), by=by)
        _enter_in_records(part)
        issued += part
        progress(len(issued))
    holding = User.objects.filter(person__in=[holder.person for holder in holders])
    message = gettext_noop("%(organisation)s issued you a certificate: %(kind)s.")
    names = {"organisation": both(kind.issuer), "kind": both(kind, "title")}
    notify(holding, message, url="/me/certificates/", **names)
    return issued


def _certificate(
    kind: Kind, holder: Holder, number: str, day: date, by: User | None
) -> Certificate:
    return Certificate(
        consortium_id=kind.consortium_id,
        kind=kind,
        family=kind.family,
        level=holder.level,
        number=number,
        person=holder.person,
        name=holder.person.name,
        hours=holder.hours,
        event_zh=holder.event_zh,
        event_en=holder.event_en,
        photo=holder.photo,
        earned_on=holder.earned_on,
        issued_on=day,
        expires_on=last_day(kind, day),
        issued_by=by,
    )


@transaction.atomic
def revoke(certificate: Certificate, *, reason: str, by: User) -> None:
    """It counts no longer, from today on."""
    move(certificate, State.REVOKED, by=by, why=reason, ended_on=clock.today(), reason=reason)
    _strike_from_record(certificate)
    _tell(certificate, gettext_noop("Your certificate %(number)s was revoked: %(reason)s"), reason)


@transaction.atomic
def correct(certificate: Certificate, *, reason: str, by: User, **facts: Any) -> Certificate:
    """A new version of the same number with ``facts`` changed; the old one says so."""
    kept = {name: getattr(certificate, name) for name in PRINTED}
    move(certificate, State.CORRECTED, by=by, why=reason, ended_on=clock.today(), reason=reason)
    new = Certificate.objects.create(
        consortium=certificate.consortium,
        kind=certificate.kind,
        family=certificate.family,
        number=certificate.number,
        version=certificate.version + 1,
        issued_by=by,
        **(kept | facts),
    )
    record(new, gettext_noop("Certificate issued as a correction"), by=by, why=reason)
    _strike_from_record(certificate)
    _enter_in_records([new])
    _tell(new, gettext_noop("Your certificate %(number)s was corrected: %(reason)s"), reason)
    return new


@transaction.atomic
def issue_again(certificate: Certificate, *, reason: str, by: User) -> Copy:
    """Another paper of the same certificate, which says that it is one."""
    copy = Copy.objects.create(certificate=certificate, reason=reason, by=by)
    record(certificate, gettext_noop("Certificate issued again"), by=by, why=reason)
    _tell(certificate, gettext_noop("Your certificate %(number)s was issued again."), reason)
    return copy


def note_view(certificate: Certificate, *, by: User | None, how: str) -> None:
    """Somebody looked at it, checked it or took it along; ``how`` is a msgid."""
    record(certificate, how, by=by)


def _tell(certificate: Certificate, message: str, reason: str) -> None:
    if holder := certificate.person.user:
        words = {"number": certificate.number, "reason": reason}
        notify([holder], message, url="/me/certificates/", **words)


def _enter_in_records(certificates: Sequence[Certificate]) -> None:
    """Each stands in its holder's own record, confirmed by the issuer."""
    Entry.objects.bulk_create(
        Entry(
            person_id=one.person_id,
            kind=Entry.Kind.CERTIFICATE,
            title=one.kind.title_zh,
            place=one.kind.issuer.name_zh,
            number=one.number,
            started=one.issued_on,
            ended=one.expires_on,
            confirmer_id=one.kind.issuer_id,
            confirmed_at=clock.now(),
            state=Entry.State.CONFIRMED,
        )
        for one in certificates
    )


def _strike_from_record(certificate: Certificate) -> None:
    Entry.objects.filter(
        person=certificate.person,
        kind=Entry.Kind.CERTIFICATE,
        number=certificate.number,
        confirmer=certificate.kind.issuer_id,
        state=Entry.State.CONFIRMED,
    ).delete()
