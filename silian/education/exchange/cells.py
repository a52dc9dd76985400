"""An item in the cells of a sheet: one row an item, as item banks in China are kept.

Choices stand in eight columns; the right answer is their letters. English stands behind ``||`` in
the same cell. In a match the cells hold ``left => right``.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from silian.education.questions import building
from silian.education.questions.building import LETTERS, Asked, Words
from silian.education.questions.schema import Kind

COLUMNS = 8
CHOICES = [f"choice_{letter}" for letter in LETTERS[:COLUMNS]]
COLUMN_ORDER = [
    *"kind text_zh text_en".split(),
    *CHOICES,
    *"answer tolerance unit occupation level difficulty skills".split(),
    *"explanation_zh explanation_en".split(),
]
BETWEEN, ARROW = "||", "=>"
TRUE = {"对", "正确", "是", "√", "✓", "t", "true", "yes", "1", "a"}
FALSE = {"错", "错误", "否", "×", "✗", "f", "false", "no", "0", "b"}


class Unclear(ValueError):
    """A cell that cannot be understood: the column and why."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(reason)


def asked(kind: str, row: Mapping[str, Any]) -> Asked:  # noqa: PLR0911  one for each kind
    """Content and key of a row."""
    text = row["text_zh"], row["text_en"]
    filled = [
        (letter, row[name]) for letter, name in zip(LETTERS, CHOICES, strict=False) if row[name]
    ]
    answer = row["answer"].strip()
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        marks = letters(answer, {letter for letter, _cell in filled})
        return building.choosing(kind, text, [(words(cell), m in marks) for m, cell in filled])
    if kind == Kind.ORDER:
        cells = dict(filled)
        return building.ordering(text, [words(cells[m]) for m in letters(answer, set(cells))])
    if kind == Kind.MATCH:
        pairs = [pair(name, row[name]) for name in CHOICES if row[name]]
        good = [one for one in pairs if one[0][0]]
        return building.matching(text, good, [right for left, right in pairs if not left[0]])
    if kind == Kind.TRUEFALSE:
        return building.judging(text, truth(answer))
    if kind == Kind.BLANK:
        return building.filling(text, [texts(one) for one in re.split(r"[;；]", answer)])
    if kind == Kind.NUMBER:
        return building.measuring(text, answer, row["tolerance"], row["unit"])
    return building.answering(text, texts(answer)) if kind == Kind.SHORT else building.writing(text)


def words(cell: str) -> Words:
    zh, _mark, en = cell.partition(BETWEEN)
    return zh.strip(), en.strip()


def pair(column: str, cell: str) -> tuple[Words, Words]:
    left, arrow, right = cell.partition(ARROW)
    if not arrow:
        raise Unclear(column, _("Write pairs as: left => right"))
    return words(left), words(right)


def letters(answer: str, known: set[str]) -> list[str]:
    found = re.sub(r"[\s,，、;；]", "", answer).lower()
    strange = [mark for mark in found if mark not in known]
    if strange:
        message = _("The answer names %(mark)s, but there is no such choice.")
        raise Unclear("answer", message % {"mark": strange[0].upper()})
    return list(dict.fromkeys(found))


def truth(answer: str) -> bool | None:
    key = answer.casefold()
    if key in TRUE:
        return True
    return False if key in FALSE else None


def texts(cell: str) -> list[str]:
    return [text.strip() for text in cell.split("|") if text.strip()]


# --- the other way ---------------------------------------------------------------------------
def holds(content: Mapping[str, Any], key: Any) -> str:
    """Why a row cannot hold this; "" where it can."""
    if content["media"]:
        return _("It has a picture.")
    if content["kind"] == Kind.CASE:
        return _("The format has no such kind.")
    rows = [*content.get("choices", []), *content.get("targets", [])]
    if len(content.get("choices", [])) > COLUMNS or len(content.get("targets", [])) > COLUMNS:
        return _("It has more choices than a sheet has columns.")
    said = "".join(text for row in rows for text in building.words_of(row))
    if BETWEEN in said or ARROW in said:
        return _("A text holds signs that a sheet uses itself.")
    accepted = "".join("".join(some) for some in key) if content["kind"] == Kind.BLANK else ""
    if re.search(r"[|;；]", accepted) or (content["kind"] == Kind.SHORT and "|" in "".join(key)):
        return _("A text holds signs that a sheet uses itself.")
    return ""


def row_of(content: dict[str, Any], key: Any) -> dict[str, str]:
    """The cells of a row, by column."""
    zh, en = building.words_of(content["text"])
    row = {"text_zh": zh, "text_en": en, "answer": "", "tolerance": "", "unit": ""}
    named = building.by_id(content, "choices")
    kind = content["kind"]
    cells = [_cell(text) for text in named.values()]
    if kind == Kind.MATCH:
        targets = building.by_id(content, "targets")
        cells = [
            f"{_cell(named[left])} {ARROW} {_cell(targets[right])}" for left, right in key.items()
        ]
        cells += [f"{ARROW} {_cell(targets[m])}" for m in targets if m not in key.values()]
    row |= dict(zip(CHOICES, [*cells, *[""] * COLUMNS], strict=False))
    if kind == Kind.NUMBER:
        row |= {"answer": key["value"], "tolerance": key["tolerance"], "unit": content["unit"]}
    elif kind == Kind.TRUEFALSE:
        row["answer"] = "对" if key else "错"
    elif kind == Kind.BLANK:
        row["answer"] = ";".join("|".join(accepted) for accepted in key)
    elif kind == Kind.SHORT:
        row["answer"] = "|".join(key)
    elif kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER):
        row["answer"] = "".join(key).upper()
    return row


def _cell(text: Words) -> str:
    return f"{text[0]} {BETWEEN} {text[1]}" if text[1] else text[0]
