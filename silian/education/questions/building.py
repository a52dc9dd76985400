"""Content and key of an item from what people write, and back; forms, sheets and files share it.

Steps to put in order and texts to match are kept in an order of their own: neither the marks nor
the order in which a candidate's browser gets them tells the answer.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from silian.education.questions.schema import BLANK, Kind
from silian.engines.assembling import shuffled
from silian.kernel.bilingual import in_reading_language

Words = tuple[str, str]  # Chinese, English
Asked = tuple[dict[str, Any], Any]  # content and key
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def choosing(kind: str, text: Words, choices: Sequence[tuple[Words, bool]]) -> Asked:
    """One right choice, or several."""
    marked = list(zip(LETTERS, choices, strict=False))
    right = [mark for mark, (_words, is_right) in marked if is_right]
    content = _content(kind, text) | {"choices": [_row(m, words) for m, (words, _r) in marked]}
    if kind == Kind.MULTIPLE:
        return content, right
    return content, right[0] if len(right) == 1 else None


def judging(text: Words, right: bool | None) -> Asked:
    return _content(Kind.TRUEFALSE, text), right


def filling(text: Words, accepted: Sequence[Sequence[str]]) -> Asked:
    """A text with places marked ``____``, each with what is accepted there."""
    count = len(BLANK.findall(text[0]))
    return _content(Kind.BLANK, text) | {"blanks": count}, [list(texts) for texts in accepted]


def ordering(text: Words, steps: Sequence[Words]) -> Asked:
    """``steps`` in the right order."""
    mixed = shuffled(list(dict.fromkeys(steps)), "order")
    marks = dict(zip(mixed, LETTERS, strict=False))
    content = _content(Kind.ORDER, text) | {"choices": [_row(marks[w], w) for w in mixed]}
    return content, [marks[words] for words in steps if words in marks]


def matching(
    text: Words, pairs: Sequence[tuple[Words, Words]], extra: Iterable[Words] = ()
) -> Asked:
    """Each left text with its partner; ``extra`` are partners of nobody."""
    right = shuffled(list(dict.fromkeys([*(pair[1] for pair in pairs), *extra])), "match")
    numbers = {words: str(number) for number, words in enumerate(right, 1)}
    lefts = list(zip(LETTERS, pairs, strict=False))
    content = _content(Kind.MATCH, text) | {
        "choices": [_row(mark, left) for mark, (left, _right) in lefts],
        "targets": [_row(numbers[words], words) for words in right],
    }
    return content, {mark: numbers[partner] for mark, (_left, partner) in lefts}


def measuring(text: Words, value: str, tolerance: str = "0", unit: str = "") -> Asked:
    content = _content(Kind.NUMBER, text) | {"unit": unit.strip()}
    return content, {"value": value.strip(), "tolerance": tolerance.strip() or "0"}


def answering(text: Words, accepted: Sequence[str]) -> Asked:
    """A short answer; without accepted texts people mark it."""
    return _content(Kind.SHORT, text), list(accepted)


def writing(text: Words) -> Asked:
    return _content(Kind.ESSAY, text), None


def case(text: Words, parts: Sequence[Asked]) -> Asked:
    content = _content(Kind.CASE, text) | {"parts": [dict(part) for part, _key in parts]}
    return content, [key for _part, key in parts]


def words_of(row: dict[str, str]) -> Words:
    return row.get("zh", ""), row.get("en", "")


def by_id(content: dict[str, Any], name: str) -> dict[str, Words]:
    return {row["id"]: words_of(row) for row in content.get(name, [])}


def worded(row: dict[str, str] | None) -> str:
    """A text in two languages as the reader reads it."""
    return in_reading_language(*words_of(row or {}))


def answer_of(content: dict[str, Any], key: Any) -> list[str]:
    """The right answer in words, a line each."""
    kind = content["kind"]
    named = {row["id"]: f"{row['id'].upper()}. {worded(row)}" for row in content.get("choices", [])}
    if kind == Kind.SINGLE:
        return [named.get(key, "")]
    if kind in (Kind.MULTIPLE, Kind.ORDER):
        return [named.get(mark, "") for mark in key]
    if kind == Kind.TRUEFALSE:
        return [_("True") if key else _("False")]
    if kind == Kind.BLANK:
        return [" / ".join(texts) for texts in key]
    if kind == Kind.MATCH:
        targets = {row["id"]: worded(row) for row in content["targets"]}
        return [f"{named.get(left, '')} → {targets.get(right, '')}" for left, right in key.items()]
    return _answer_in_writing(content, key)


def _answer_in_writing(content: dict[str, Any], key: Any) -> list[str]:
    if content["kind"] == Kind.NUMBER:
        within = f" ± {key['tolerance']}" if key["tolerance"] not in ("", "0") else ""
        return [f"{key['value']}{within} {content.get('unit', '')}".strip()]
    if content["kind"] == Kind.SHORT and key:
        return [" / ".join(key)]
    if content["kind"] == Kind.CASE:
        pairs = enumerate(zip(content["parts"], key, strict=True), 1)
        return [f"({n}) {'; '.join(answer_of(part, one))}" for n, (part, one) in pairs]
    return [_("Marked by people")]


def plain(content: dict[str, Any]) -> str:
    """All words of an item, for the search."""
    rows = [content["text"], *content.get("choices", []), *content.get("targets", [])]
    words = [text for row in rows for text in words_of(row) if text]
    return "\n".join([*words, *(plain(part) for part in content.get("parts", []))])


def _content(kind: str, text: Words) -> dict[str, Any]:
    zh, en = text
    return {"kind": str(kind), "text": {"zh": zh.strip(), "en": en.strip()}, "media": []}


def _row(mark: str, words: Words) -> dict[str, str]:
    return {"id": mark, "zh": words[0].strip(), "en": words[1].strip()}
