"""What an enterprise or a school shows of its interns: one archive of agreements and records."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from silian.talent.internships.models import Internship

Rows = list[list[Any]]


def archive(internships: Iterable[Internship]) -> bytes:
    """Workbook of internships, pay, insurance and guidance, and every signed agreement."""
    rows = list(internships)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as found:
        found.writestr("internships.xlsx", workbook(rows))
        for internship in rows:
            agreement = internship.agreement
            if agreement and agreement.frozen and agreement.signed_on:
                with agreement.frozen.content.open("rb") as pdf:
                    found.writestr(f"agreements/{agreement.number}.pdf", pdf.read())
    return buffer.getvalue()


def workbook(internships: list[Internship]) -> bytes:
    buffer = io.BytesIO()
    text_alone = {"strings_to_formulas": False, "strings_to_urls": False}
    facts = {"in_memory": True, "default_date_format": "yyyy-mm-dd", **text_alone}
    with xlsxwriter.Workbook(buffer, facts) as book:
        for name, rows in (
            (_("Internships"), list(_internships(internships))),
            (_("Pay"), list(_payments(internships))),
            (_("Visits and guidance"), list(_guidance(internships))),
        ):
            sheet = book.add_worksheet(name[:31])
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, ["" if cell is None else cell for cell in row])
    return buffer.getvalue()


def _internships(rows: list[Internship]) -> Iterable[list[Any]]:
    words = [_("student"), _("student number"), _("school"), _("unit"), _("kind"), _("post")]
    words += [_("starts on"), _("ends on"), _("hours a day"), _("hours a week"), _("monthly pay")]
    yield [*words, _("agreement"), _("insurance"), _("identity card checked"), _("state")]
    for i in rows:
        policy = i.insurance
        insured = f"{policy} {policy.starts_on}–{policy.ends_on}" if policy else ""
        yield [
            i.called,
            i.student.number if i.named else "",  # type: ignore[attr-defined]
            i.student.school.name,
            i.unit.name,
            i.get_kind_display(),
            i.post,
            i.starts_on,
            i.ends_on,
            i.hours_a_day,
            i.hours_a_week,
            i.pay,
            i.agreement.number if i.agreement else "",
            insured,
            i.id_checked_on,
            i.get_state_display(),
        ]


def _payments(rows: list[Internship]) -> Iterable[list[Any]]:
    yield [_("student"), _("month"), _("amount, yuan"), _("paid on"), _("confirmed by the student")]
    for i in rows:
        for one in sorted(i.payments.all(), key=lambda payment: payment.month):
            confirmed = one.confirmed_at.date() if one.confirmed_at else None
            yield [i.called, one.month, one.amount, one.paid_on, confirmed]


def _guidance(rows: list[Internship]) -> Iterable[list[Any]]:
    yield [_("student"), _("day"), _("by whom"), _("how"), _("hours"), _("what was seen and said")]
    for i in rows:
        for one in i.guidance.all():
            facts = [one.on, one.by.name, one.get_way_display(), one.hours, one.about]
            yield [i.called, *facts]
