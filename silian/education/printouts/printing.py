"""The paper and its key on paper, in Chinese."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from silian.education.papers.models import Form, Line
from silian.education.papers.policy import visible_lines
from silian.education.questions.building import answer_of, worded
from silian.education.questions.schema import BLANK, Kind
from silian.kernel.documents.services import grid, pdf_of
from silian.kernel.ui import formats

SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~^$@=:'\"])")
GAP = r"\_" * 12
LINES = {Kind.SHORT: 2, Kind.ESSAY: 8}  # empty lines to write on
CHINESE = "一二三四五六七八九十"


def printed_paper(form: Form) -> bytes:
    """A4 pages to write on."""
    with translation.override("zh-hans"):
        lines = list(visible_lines(form))
        heads = [_("Full name"), _("Number of admission ticket"), _("Points scored")]
        parts = [grid(heads, [["", "", ""]])]
        for number, section in enumerate(_sections(lines)):
            parts.append(_heading(number, section))
            parts += [_question(line.version.content, place) for place, line in section]
        facts = _facts(form)
        return pdf_of("\n\n".join(parts), title=form.paper.title_zh, facts=facts)


def printed_key(form: Form) -> bytes:
    """What is right, for those who mark."""
    with translation.override("zh-hans"):
        lines = list(visible_lines(form))
        parts = []
        for number, section in enumerate(_sections(lines)):
            parts.append(_heading(number, section))
            heads = [_("No."), _("item"), _("right answer"), _("points of the item")]
            rows = [
                [
                    place,
                    line.version.item,
                    "; ".join([*line.version.answer, *_explained(line)]),
                    formats.number(line.points),
                ]
                for place, line in section
            ]
            parts.append(grid(heads, rows))
        title = _("Key: %(title)s") % {"title": form.paper.title_zh}
        mark = _("Secret")
        return pdf_of("\n\n".join(parts), title=title, facts=_facts(form), watermark=mark)


Numbered = Sequence[tuple[int, Line]]


def _sections(lines: Sequence[Line]) -> list[list[tuple[int, Line]]]:
    """Lines numbered through, by section."""
    found: dict[int, list[tuple[int, Line]]] = {}
    for place, line in enumerate(lines, 1):
        found.setdefault(line.section_id, []).append((place, line))
    return list(found.values())


def _heading(number: int, section: Numbered) -> str:
    said = {
        "n": len(section),
        "points": formats.number(sum(line.points for _place, line in section)),
    }
    many = _("%(n)s items, %(points)s points") % said
    place = CHINESE[number] if number < len(CHINESE) else str(number + 1)
    return f"## {place}、{_plain(section[0][1].section.title_zh)}({many})"


def _facts(form: Form) -> list[tuple[str, str]]:
    paper = form.paper
    return [
        (_("Occupation"), f"{paper.occupation.name_zh} · {paper.get_level_display()}"),
        (_("Form of the paper"), form.letter),
        (_("Time allowed"), _("%(n)d minutes") % {"n": paper.minutes}),
        (_("Points in all"), formats.number(paper.total)),
    ]


def _question(content: dict[str, Any], number: int | str) -> str:
    """One question as it is printed."""
    kind = content["kind"]
    text = BLANK.sub("\0", worded(content["text"]))
    parts = [f"**{number}\\.** {_plain(text).replace(chr(0), GAP)}"]
    if kind == Kind.TRUEFALSE:
        parts[0] += " (    )"
    parts += [f"[{_plain(worded(one['alt']))}]" for one in content["media"]]
    parts += [f"{row['id'].upper()}\\. {_plain(worded(row))}" for row in content.get("choices", [])]
    if kind == Kind.MATCH:
        parts += [f"({row['id']}) {_plain(worded(row))}" for row in content["targets"]]
    if kind in (Kind.ORDER, Kind.MATCH, Kind.NUMBER):
        parts.append(f"{_('Your answer')}: {GAP} {_plain(content.get('unit', ''))}")
    parts += [GAP * 5] * LINES.get(Kind(kind), 0)
    parts += [_question(part, f"({n})") for n, part in enumerate(content.get("parts", []), 1)]
    return "\n\n".join(parts)


def _explained(line: Line) -> list[str]:
    by_hand = answer_of(line.version.content, line.version.key) == [_("Marked by people")]
    return [line.version.explanation_zh] if by_hand and line.version.explanation_zh else []


def _plain(text: str) -> str:
    """Words that mean nothing to Markdown; lines stay lines."""
    return SIGNS.sub(r"\\\1", text).replace("\n", "\\\n")
