"""Money that came in or was given back. Each function is one thing somebody does."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from silian.education.courses.models import Session
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.policy import people_for
from silian.education.enrolments.services import hold
from silian.education.fees import policy
from silian.education.fees.models import Book, Line, Receipt
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.documents.services import grid, pdf_of
from silian.kernel.files import services as files
from silian.kernel.files.content import PDF
from silian.kernel.files.models import StoredFile
from silian.kernel.notices.services import notify
from silian.kernel.ui import formats

Payer = tuple[str, int | None, int | None]  # kind, person, organisation


@dataclass(frozen=True)
class Payment:
    """How money came in, or went back."""

    way: str
    paid_on: date
    reference: str = ""


@transaction.atomic
def receive(
    session: Session, enrolments: Iterable[Enrolment], payment: Payment, *, by: User | None
) -> list[Receipt]:
    """Settle what is open for these places, to the fen: one receipt for each payer."""
    hold(session)
    groups: dict[Payer, list[tuple[Enrolment, Decimal]]] = defaultdict(list)
    for enrolment in enrolments:
        if amount := policy.open_for(enrolment):
            groups[_payer_of(enrolment)].append((enrolment, amount))
    return [
        _issue(session, payer, part, payment, by)
        for payer, lines in groups.items()
        for part in _apart(lines)
    ]


def _apart(lines: list[tuple[Enrolment, Decimal]]) -> list[list[tuple[Enrolment, Decimal]]]:
    """What comes in and what goes back do not stand on one receipt."""
    parts = [[one for one in lines if one[1] > 0], [one for one in lines if one[1] < 0]]
    return [part for part in parts if part]


def _payer_of(enrolment: Enrolment) -> Payer:
    person = enrolment.person_id if enrolment.payer == "person" else None
    firm = enrolment.organisation_id if enrolment.payer in ("member", "other") else None
    return enrolment.payer, person, firm


def _issue(
    session: Session,
    payer: Payer,
    lines: list[tuple[Enrolment, Decimal]],
    payment: Payment,
    by: User | None,
) -> Receipt:
    book = _book_of(session, payment.paid_on.year)
    kind, person, organisation = payer
    receipt = Receipt.objects.create(
        book=book,
        number=book.last,
        session=session,
        payer=kind,
        person_id=person,
        organisation_id=organisation,
        amount=sum(amount for _enrolment, amount in lines),
        by=by,
        **asdict(payment),
    )
    Line.objects.bulk_create(
        Line(receipt=receipt, enrolment=enrolment, amount=amount) for enrolment, amount in lines
    )
    record(receipt, gettext_noop("Receipt issued"), by=by, amount=receipt.amount)
    if kind != "government":
        people = {user for enrolment, _amount in lines for user in people_for(enrolment)}
        message = gettext_noop("Receipt for “%(session)s”: %(code)s")
        url = receipt.get_absolute_url()
        notify(people, message, url=url, session=both(session, "title"), code=receipt.code)
    return receipt


def _book_of(session: Session, year: int) -> Book:
    """The book with the next number taken; held until the transaction ends."""
    course = session.course
    key: dict[str, Any] = {
        "consortium": course.consortium,
        "issuer": course.organiser,
        "year": year,
    }
    Book.objects.get_or_create(**key)
    book = Book.objects.select_for_update().get(**key)
    book.last += 1
    book.save()
    return book


@transaction.atomic
def paper_of(receipt: Receipt, *, by: User) -> StoredFile:
    """The receipt as a PDF: made when it is first asked for, and from then on always the same."""
    held = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if held.paper is None:
        with override("zh-hans"):
            content = ContentFile(_printed(receipt), name=f"{receipt.code}.pdf")
        held.paper = files.store(_upload(content), by=by, kinds=frozenset({PDF}))
        held.save(update_fields=["paper"])
    return held.paper


def _upload(content: "ContentFile[bytes]") -> "UploadedFile[bytes]":
    return UploadedFile(content, name=content.name, size=content.size)


def _printed(receipt: Receipt) -> bytes:
    course = receipt.session.course
    rows = [
        (line.enrolment.person, receipt.session.title, formats.money(line.amount))
        for line in receipt.lines.select_related("enrolment__person")
    ]
    text = grid([_("Full name"), _("For"), _("Amount")], rows)
    facts = [
        (_("Number"), receipt.code),
        (_("Issued by"), course.organiser.name if course.organiser else course.consortium.name),
        (_("Who pays"), receipt.payer_name),
        (_("Amount"), formats.money(receipt.amount)),
        (_("Way of payment"), receipt.get_way_display()),
        (_("Day of payment"), formats.day(receipt.paid_on)),
        (_("Reference of the payment"), receipt.reference),
    ]
    title = _("Receipt") if receipt.amount > 0 else _("Receipt of a repayment")
    return pdf_of(text, title=title, facts=[fact for fact in facts if fact[1]])
