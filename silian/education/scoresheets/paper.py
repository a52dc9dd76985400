"""A signed score sheet on paper: every line, the examiner, the time and the seal."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from silian.education.judging.models import Mark, Sheet
from silian.education.judging.services import still_holds
from silian.kernel.documents.services import grid, pdf_of
from silian.kernel.ui.formats import moment


def paper_of(sheet: Sheet) -> bytes:
    """The sheet as a PDF, in the reader's language. It names no candidate."""
    turn, station = sheet.turn, sheet.turn.station
    facts = [
        (_("practical exam"), station.practical.title),
        (_("station"), f"{station.name} · {station.place}"),
        (_("number drawn"), f"{turn.entrant.draw or ''}"),
        (_("ticket number"), turn.entrant.number),
        (_("examiner"), f"{sheet.panellist.examiner}"),
        (_("signed"), moment(sheet.signed_at) if sheet.signed_at else ""),
        (_("total"), f"{sheet.total}"),
    ]
    marks = sheet.marks.select_related("criterion")
    heads = [_("No."), _("criterion"), _("what was entered"), _("out of"), _("points scored")]
    rows = [_row(n, mark) for n, mark in enumerate(marks, start=1)]
    words = [grid(heads, rows)]
    if sheet.comment:
        words.append(f"**{_('Comment')}**: {_plain(sheet.comment)}")
    words.append(_("The seal of this sheet is intact.") if still_holds(sheet) else _("BROKEN SEAL"))
    words.append(f"SHA-256 `{sheet.sha256}`")
    words.append(f"Ed25519 `{sheet.seal}`")
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return pdf_of("\n\n".join(words), title=_("Score sheet"), language=language, facts=facts)


def _row(number: int, mark: Mark) -> list[object]:
    criterion = mark.criterion
    name = f"{criterion.name} ({_('critical')})" if criterion.critical else criterion.name
    return [number, name, entry_of(mark), f"{criterion.points:.2f}", f"{mark.points:.2f}"]


def entry_of(mark: Mark) -> str:
    """What the examiner wrote, in words."""
    if isinstance(mark.response, bool):
        return _("Criterion met") if mark.response else _("Criterion not met")
    if mark.passed is None:
        return ""
    verdict = _("Within the tolerance") if mark.passed else _("Out of tolerance")
    return f"{mark.response} {mark.criterion.unit} · {verdict}"


def _plain(text: str) -> str:
    """Somebody's words, without meaning anything in Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~$" else sign for sign in text)
