"""The formats that items come in and go out by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from silian.education.formats import gift, moodle, qtireading, qtiwriting
from silian.education.formats.reading import Found, Question, Unreadable


@dataclass(frozen=True)
class Format:
    """How a file of this kind is named, read and written; ``holds`` says why not, or ""."""

    name: str
    label: Any
    ending: str
    media_type: str
    holds: Callable[[Question], str]
    write: Callable[[Sequence[Question]], bytes]


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
        ),
        Format(
            "gift",
            _("GIFT"),
            "txt",
            "text/plain; charset=utf-8",
            gift.holds,
            lambda found: gift.write(found).encode(),
        ),
        Format(
            "qti",
            _("QTI 3 (package)"),
            "zip",
            "application/zip",
            qtiwriting.holds,
            qtiwriting.write,
        ),
    )
}


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
