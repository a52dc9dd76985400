"""An edition as a document: its sections, its table of units, the skills, and who wrote it."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from silian.education.standards.figures import sums_of, units_of
from silian.education.standards.models import Edition, Standard, Unit
from silian.education.standards.sections import sections_of
from silian.kernel.documents.services import pdf_of, word_of
from silian.kernel.ui import formats

MAKERS = ("pdf", "docx")


def document(edition: Edition, ending: str, *, thanks: Iterable[str] = ()) -> bytes:
    """The edition as PDF or Word, marked as a draft until it is published.

    ``thanks`` are lines that say who took part.
    """
    text = "\n\n".join(_parts(edition, thanks))
    title = edition.standard.title_zh
    if ending == "docx":
        return word_of(text, title=title, note=_state_of(edition))
    public = edition.is_public
    return pdf_of(
        text,
        title=title,
        facts=list(_heads(edition)),
        footer=f"{title} · {_state_of(edition)}",
        qr=settings.SITE_URL + edition.standard.get_absolute_url() if public else "",
        watermark="" if public else _("Draft"),
    )


def _state_of(edition: Edition) -> str:
    return f"{edition.name} · {edition.get_state_display()}"


def _heads(edition: Edition) -> Iterator[tuple[str, str]]:
    programme = edition.standard.programme
    yield _("School"), programme.school.name
    yield _("Programme"), f"{programme.name} · {programme.get_level_display()}"
    yield _("Edition"), _state_of(edition)
    if edition.published_on:
        yield _("In force since"), formats.day(edition.published_on)
    if edition.approved_as:
        yield _("number of the approval"), edition.approved_as


def _parts(edition: Edition, thanks: Iterable[str]) -> Iterator[str]:
    for kind, section in sections_of(edition):
        if section and section.text.strip():
            yield f"# {kind.name}"
            yield section.text
    if units := units_of(edition):
        plan = edition.standard.kind == Standard.Kind.PLAN
        yield "# " + (_("Table of courses") if plan else _("Units and hours"))
        yield "\n".join(_table(units))
        yield from _contents(units)
    if lines := list(thanks):
        yield "# " + _("Who took part")
        yield "\n".join(f"* {cell(line)}" for line in lines)


def _table(units: list[Unit]) -> Iterator[str]:
    heads = [_("No."), _("Title"), _("Theory"), _("Practice"), _("Hours"), _("Credits")]
    yield row(heads)
    yield row(["---"] * len(heads))
    for number, unit in enumerate(units, start=1):
        yield row(
            [number, unit.title, *_numbers(unit.theory_hours, unit.practice_hours), unit.credits]
        )
    total = sums_of(units)
    yield row(["", _("Total"), *_numbers(total.theory, total.practice), total.credits])


def _numbers(theory: int, practice: int) -> list[int]:
    return [theory, practice, theory + practice]


def _contents(units: list[Unit]) -> Iterator[str]:
    for number, unit in enumerate(units, start=1):
        skills = "、".join(f"{t.skill.name}({t.get_level_display()})" for t in unit.taught.all())
        if not (unit.text or skills):
            continue
        yield f"## {number}. {unit.title}"
        if unit.text:
            yield unit.text
        if skills:
            yield _("Skills: %(skills)s") % {"skills": skills}


def row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(cell(one) for one in cells) + " |"


def cell(value: object) -> str:
    """Text that stays within one cell of a Markdown table."""
    return str(value).replace("|", "\\|").replace("\n", " ")
