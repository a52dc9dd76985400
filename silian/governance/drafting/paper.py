"""The texts of an agreement as files: any version as a draft, and the one that is signed."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from silian.governance.agreements.models import Agreement, Version
from silian.governance.drafting.places import LOCALES, language_of
from silian.governance.drafting.terms import described
from silian.kernel.documents.services import pdf_of, word_of
from silian.kernel.ui import formats

LETTERS = "甲乙丙丁戊己庚辛壬癸"


def check_address(agreement: Agreement) -> str:
    """Where anybody who holds the document can check it; its QR code leads there."""
    page: str = settings.SITE_URL + reverse("drafting:check", args=[agreement.check_code])
    return page


def draft_pdf(version: Version) -> bytes:
    """One version, marked as a draft across each page."""
    agreement, language = version.agreement, language_of(version.text)
    with override(LOCALES[language]):
        return pdf_of(
            version.text,
            title=agreement.title,
            language=language,
            footer=_draft_note(version),
            watermark=_("Draft"),
        )


def draft_word(version: Version) -> bytes:
    with override(LOCALES[language_of(version.text)]):
        return word_of(version.text, title=version.agreement.title, note=_draft_note(version))


def frozen_pdf(agreement: Agreement, version: Version, *, on: date) -> bytes:
    """The one document that all parties sign: text, particulars, number and check code."""
    language = language_of(version.text)
    with override(LOCALES[language]):
        address, check = check_address(agreement), _("Check this document")
        return pdf_of(
            "\n\n".join([version.text, *_particulars(agreement)]),
            title=agreement.title,
            language=language,
            facts=list(_heads(agreement)),
            footer=f"{agreement.number} · {check}\n{address}",
            qr=address,
            on=on,
        )


def party_label(number: int) -> str:
    """甲方, 乙方 …; Party A, Party B …."""
    with_letter = LETTERS[number - 1] if number <= len(LETTERS) else str(number)
    latin = chr(64 + number) if number <= len(LETTERS) else str(number)
    return _("Party %(latin)s") % {"latin": latin, "letter": with_letter}


def _draft_note(version: Version) -> str:
    facts = {"number": version.number, "when": formats.moment(version.at)}
    return _("Draft, version %(number)s of %(when)s") % facts


def _heads(agreement: Agreement) -> Iterator[tuple[str, str]]:
    yield _("Number"), agreement.number
    for number, party in enumerate(agreement.party_set.all(), start=1):
        part = f"（{party.part}）" if party.part else ""
        yield party_label(number), f"{party.name}{part}"
    if agreement.expires_on:
        yield _("Expires on"), formats.day(agreement.expires_on)


def _particulars(agreement: Agreement) -> Iterator[str]:
    """The terms as a table at the end; where they differ, the text counts."""
    groups = described(agreement)
    if not groups:
        return
    yield "# " + _("Annex: particulars")
    yield _("Where the annex differs from the text, the text counts.")
    rows = [f"| {term.label} | {_cell(value)} |" for _g, lines in groups for term, value in lines]
    head = "| " + _("Item") + " | " + _("Agreed") + " |"
    yield "\n".join([head, "| --- | --- |", *rows])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
