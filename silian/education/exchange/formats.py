"""The formats that items come in and go out by."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from silian.education.exchange import cells, gift, moodle, qtireading, qtiwriting
from silian.education.exchange.reading import Found, Question, Unreadable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Format:
    """How a file of this kind is named, read and written; ``holds`` says why not, or ""."""

    name: str
    label: Any
    ending: str
    media_type: str
    holds: Callable[[Question], str]
    write: Callable[[Sequence[Question]], bytes]
    read: Callable[[bytes], Found] | None = None  # sheets come in by their own way


def write_rows(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with the headers of the template."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    for number, row in enumerate([heads, *rows]):
        page.write_row(number, 0, row)
    book.close()
    return content.getvalue()


FORMATS = {
    one.name: one
    for one in (
        Format(
            "moodle",
            _("Moodle XML"),
            "xml",
            "application/xml",
            moodle.holds,
            moodle.write,
            moodle.read,
        ),
        Format(
            "gift",
            _("GIFT"),
            "txt",
            "text/plain; charset=utf-8",
            gift.holds,
            lambda found: gift.write(found).encode(),
            gift.read,
        ),
        Format(
            "qti",
            _("QTI 3 (package)"),
            "zip",
            "application/zip",
            qtiwriting.holds,
            qtiwriting.write,
            qtireading.read,
        ),
    )
}
SHEET = "sheet"


def read(content: bytes) -> tuple[str, Found]:
    """What stands in a file, and the format that it shows itself to be."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if content.startswith(b"PK") or b"assessmentItem" in head or b"qti-assessment-item" in head:
        return "qti", qtireading.read(content)
    if head.startswith(b"<"):
        return "moodle", moodle.read(content)
    found = gift.read(content)
    if not found.questions and not found.refused:
        raise Unreadable(str(_("There are no questions in this file.")))
    return "gift", found


def sheet_holds(one: Question) -> str:
    return cells.holds(one.content, one.key)
