"""Markdown as a PDF and as a Word file, and a Word file as Markdown."""

import io
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import segno
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from silian.kernel.documents.pandoc import MARKDOWN, convert
from silian.kernel.files.content import DOCX, PDF, check, clean_name

FOLDER = Path(__file__).resolve().parent / "typesetting"
TEXT_LIMIT = 1_000_000  # letters: five hundred pages
SECONDS = 90
MADE = {kind.ending: kind for kind in (PDF, DOCX)}  # what a text can become
LANGUAGES = {"zh": ("zh-hans", "cn"), "en": ("en", "gb")}


def pdf_of(  # noqa: PLR0913  a page has that many sides
    markdown: str,
    *,
    title: str,
    language: str = "zh",
    facts: Sequence[tuple[str, str]] = (),
    footer: str = "",
    qr: str = "",
    watermark: str = "",
    on: date | None = None,
) -> bytes:
    """A4 pages of ``markdown``; the same arguments always make the same bytes.

    ``facts`` are labelled lines below the title, ``qr`` a text that stands in each footer as a
    code, ``watermark`` a word behind the text. With the day that it is made ``on`` it is a PDF/A-2b
    for archives; without one it says nothing of time.
    """
    locale, region = LANGUAGES[language]
    with override(locale):
        pages = _("Page {page} of {pages}")
    said: dict[str, object] = {
        "title": title,
        "lang": language,
        "region": region,
        "facts": [list(fact) for fact in facts],
        "footer": footer,
        "qr": drawn(qr) if qr else "",
        "watermark": watermark,
        "pages": pages,
        "on": [on.year, on.month, on.day] if on else None,
    }
    return _pressed(said, _converted(markdown, "typst").decode())


def sheet_of(
    layout: Path,
    said: Mapping[str, object],
    *,
    form: str = "pdf",
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A sheet that an app lays out itself, in Typst: a PDF, or its only page as ``svg`` or ``png``.

    The layout finds ``said`` as JSON in ``sys.inputs``, and ``pictures`` by their names.
    """
    files = {name: b64encode(content).decode() for name, content in (pictures or {}).items()}
    order = {"layout": layout.read_text(), "form": form, "pictures": files}
    return _pressed(said, "", **order)


def word_of(markdown: str, *, title: str, note: str = "") -> bytes:
    """A .docx of ``markdown``, with ``note`` below its title."""
    heads = [f"--metadata=title:{title}", f"--metadata=subtitle:{note}"]
    reference = f"--reference-doc={FOLDER / 'reference.docx'}"
    return _converted(markdown, "docx", *heads, reference, "--output=-")


def written(
    markdown: str, ending: str, *, title: str, facts: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """``markdown`` to keep as a PDF or a Word file, in the reader's language."""
    if ending == DOCX.ending:
        note = " · ".join(f"{label} {value}" for label, value in facts)
        return download(word_of(markdown, title=title, note=note), f"{title}.{ending}")
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    pages = pdf_of(markdown, title=title, language=language, facts=facts)
    return download(pages, f"{title}.{PDF.ending}")


def grid(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; what is None stays empty."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    for sign in "\\|`*_[]<>":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def markdown_of(docx: bytes) -> str:
    """The text of a Word file; a mark stands where there was a picture.

    Changes that were tracked count as accepted. ValidationError where it is no sound .docx.
    """
    check(ContentFile(docx, name="text.docx"), {DOCX})
    mark = "--metadata=picture:" + _("[picture left out]")
    text = convert(
        docx,
        source="docx",
        target=f"{MARKDOWN}-raw_html",
        filter="inward.lua",
        more=[mark, "--markdown-headings=atx"],
    )
    return text.decode().strip() + "\n"


def download(content: bytes, name: str) -> HttpResponse:
    """``content`` as a file to keep; the ending of ``name`` says what it is."""
    kind = MADE[name.rsplit(".", 1)[-1]]
    response = HttpResponse(content, content_type=kind.media_type)
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name))
    return response


def _converted(markdown: str, target: str, *more: str) -> bytes:
    if len(markdown) > TEXT_LIMIT:
        raise ValidationError(_("The document is too large to be converted."), code="long")
    text = markdown.replace("\0", "").encode()
    return convert(text, source=MARKDOWN, target=target, filter="outward.lua", more=more)


def _pressed(said: Mapping[str, object], body: str, **more: object) -> bytes:
    """What comes from a process of its own (``typesetting/press.py``)."""
    order = json.dumps({"said": said, "body": body, **more}).encode()
    try:
        run = subprocess.run(  # noqa: S603  our own script
            [sys.executable, str(FOLDER / "press.py")],
            input=order,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failure:
        message = _("The document cannot be set as pages. Simplify its tables and lists.")
        raise ValidationError(message, code="unset") from failure
    return run.stdout


def drawn(text: str) -> str:
    """A QR code as SVG."""
    code = io.BytesIO()
    segno.make(text, error="m").save(code, kind="svg", border=0, xmldecl=False)
    return code.getvalue().decode()
