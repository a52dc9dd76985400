"""What the content and the key of each kind of item must look like; one place for all ways in."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.engines.scoring import normalised, number_of

LONGEST_TEXT, LONGEST_CHOICE, LONGEST_ANSWER = 5000, 500, 200  # letters
MOST_CHOICES, MOST_PARTS, MOST_BLANKS, MOST_MEDIA = 12, 20, 12, 6
BLANK = re.compile(r"_{3,}")  # how a text marks a place to fill in

Content = Mapping[str, Any]


class Kind(models.TextChoices):
    SINGLE = "single", gettext_lazy("Single choice")
    MULTIPLE = "multiple", gettext_lazy("Multiple choice")
    TRUEFALSE = "truefalse", gettext_lazy("True or false")
    BLANK = "blank", gettext_lazy("Fill in")
    ORDER = "order", gettext_lazy("Put in order")
    MATCH = "match", gettext_lazy("Match")
    NUMBER = "number", gettext_lazy("Calculation")
    SHORT = "short", gettext_lazy("Short answer")
    ESSAY = "essay", gettext_lazy("Long answer")
    CASE = "case", gettext_lazy("Case")


class Level(models.TextChoices):
    """The five levels of skill of the occupational standards; the higher the number, the lower."""

    FIVE = "5", gettext_lazy("Level 5 (elementary)")
    FOUR = "4", gettext_lazy("Level 4 (intermediate)")
    THREE = "3", gettext_lazy("Level 3 (advanced)")
    TWO = "2", gettext_lazy("Level 2 (technician)")
    ONE = "1", gettext_lazy("Level 1 (senior technician)")


class Difficulty(models.IntegerChoices):
    """How hard the author thinks it is; what exams found out counts for more."""

    EASIEST = 1, gettext_lazy("Very easy")
    EASY = 2, gettext_lazy("Easy")
    MIDDLE = 3, gettext_lazy("Middling")
    HARD = 4, gettext_lazy("Hard")
    HARDEST = 5, gettext_lazy("Very hard")


EVERY = {"kind", "text", "media"}
MORE = {  # what else each kind holds
    Kind.SINGLE: {"choices"},
    Kind.MULTIPLE: {"choices"},
    Kind.ORDER: {"choices"},
    Kind.MATCH: {"choices", "targets"},
    Kind.BLANK: {"blanks"},
    Kind.NUMBER: {"unit"},
    Kind.CASE: {"parts"},
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field: ``text``, ``choices.2``, ``key``, ``parts.1.text``."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


Problems = Iterator[Problem]


def problems(content: Content, key: Any, *, inside: bool = False) -> list[Problem]:
    """Everything that is wrong with an item; ``inside`` says that it is a part of a case."""
    kind = content.get("kind")
    if kind not in Kind.values or (inside and kind == Kind.CASE):
        return [Problem("kind", _("This kind of item is not known here."))]
    found = [*_text(content), *_media(content), *CHECKS[Kind(kind)](content, key)]
    strange = set(content) - EVERY - MORE.get(Kind(kind), set())
    found += [Problem(name, _("This kind of item holds nothing of this name.")) for name in strange]
    return found


def _text(content: Content) -> Problems:
    text = content.get("text") or {}
    if not str(text.get("zh") or "").strip():
        yield Problem("text", _("The question is missing."))
    if max(len(text.get("zh") or ""), len(text.get("en") or "")) > LONGEST_TEXT:
        yield Problem("text", _("The question has at most %(n)d letters.") % {"n": LONGEST_TEXT})


def _media(content: Content) -> Problems:
    media = content.get("media") or []
    if len(media) > MOST_MEDIA:
        yield Problem("media", _("At most %(n)d pictures.") % {"n": MOST_MEDIA})
    for number, one in enumerate(media, 1):
        if not (one.get("alt") or {}).get("zh"):
            yield Problem(f"media.{number}", _("Say in words what the picture shows."))


def _listed(content: Content, name: str, fewest: int) -> Problems:
    """Choices or targets: enough, not too many, all different, each with its own id."""
    rows: Sequence[Mapping[str, str]] = content.get(name) or []
    if not fewest <= len(rows) <= MOST_CHOICES:
        limits = {"least": fewest, "most": MOST_CHOICES}
        yield Problem(name, _("Between %(least)d and %(most)d of these are needed.") % limits)
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        text = str(row.get("zh") or "").strip()
        if not text:
            yield Problem(f"{name}.{number}", _("This text is missing."))
        elif len(text) > LONGEST_CHOICE:
            message = _("At most %(n)d letters.") % {"n": LONGEST_CHOICE}
            yield Problem(f"{name}.{number}", message)
        elif normalised(text) in seen:
            yield Problem(f"{name}.{number}", _("The same text stands here twice."))
        seen.add(normalised(text))
    if len(_ids(content, name)) != len(rows):
        yield Problem(name, _("Two of these have the same mark."))


def _ids(content: Content, name: str) -> set[str]:
    return {str(row.get("id")) for row in content.get(name) or []}


def _single(content: Content, key: Any) -> Problems:
    yield from _listed(content, "choices", 2)
    if not isinstance(key, str) or key not in _ids(content, "choices"):
        yield Problem("key", _("Mark the one choice that is right."))


def _multiple(content: Content, key: Any) -> Problems:
    yield from _listed(content, "choices", 3)
    ids = _ids(content, "choices")
    sound = isinstance(key, list) and set(key) <= ids and len(set(key)) == len(key)
    if not sound or len(key) < 2:
        yield Problem("key", _("Mark at least two choices that are right."))


def _truefalse(content: Content, key: Any) -> Problems:
    if not isinstance(key, bool):
        yield Problem("key", _("Say whether the statement is true."))


def _blank(content: Content, key: Any) -> Problems:
    count = content.get("blanks")
    marked = len(BLANK.findall((content.get("text") or {}).get("zh") or ""))
    if not isinstance(count, int) or not 1 <= count <= MOST_BLANKS or marked != count:
        yield Problem("text", _("Mark each place to fill in by four low lines: ____"))
    if not isinstance(key, list) or len(key) != count:
        message = _("Give the accepted texts of each place: %(n)d in all.") % {"n": marked}
        yield Problem("key", message)
        return
    for number, texts in enumerate(key, 1):
        yield from _accepted(texts, f"key.{number}", fewest=1)


def _accepted(texts: Any, field: str, fewest: int) -> Problems:
    if not isinstance(texts, list) or len(texts) < fewest or not all(map(_is_text, texts)):
        yield Problem(field, _("Give the texts that are accepted."))
    elif max(map(len, texts), default=0) > LONGEST_ANSWER:
        yield Problem(field, _("At most %(n)d letters.") % {"n": LONGEST_ANSWER})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _order(content: Content, key: Any) -> Problems:
    yield from _listed(content, "choices", 3)
    if not isinstance(key, list) or sorted(key) != sorted(_ids(content, "choices")):
        yield Problem("key", _("The right order names each step once."))


def _match(content: Content, key: Any) -> Problems:
    yield from _listed(content, "choices", 2)
    yield from _listed(content, "targets", 2)
    targets = _ids(content, "targets")
    sound = isinstance(key, dict) and set(key) == _ids(content, "choices")
    if not sound or not set(key.values()) <= targets:
        yield Problem("key", _("Each text on the left has one partner on the right."))


def _number(content: Content, key: Any) -> Problems:
    value = number_of((key or {}).get("value", "")) if isinstance(key, dict) else None
    if value is None:
        yield Problem("key", _("Give the right number."))
        return
    tolerance = number_of(key.get("tolerance") or "0")
    if tolerance is None or tolerance < Decimal(0):
        yield Problem("tolerance", _("The tolerance is a number that is not negative."))
    if len(str(content.get("unit") or "")) > 20:
        yield Problem("unit", _("At most %(n)d letters.") % {"n": 20})


def _short(content: Content, key: Any) -> Problems:
    yield from _accepted(key, "key", fewest=0)


def _essay(content: Content, key: Any) -> Problems:
    if key is not None:
        yield Problem("key", _("A long answer is marked by people: it has no key."))


def _case(content: Content, key: Any) -> Problems:
    parts = content.get("parts") or []
    if not 1 <= len(parts) <= MOST_PARTS:
        yield Problem("parts", _("A case has between 1 and %(n)d questions.") % {"n": MOST_PARTS})
    if not isinstance(key, list) or len(key) != len(parts):
        yield Problem("key", _("Each question of the case has its key."))
        return
    for number, (part, one) in enumerate(zip(parts, key, strict=True), 1):
        for problem in problems(part, one, inside=True):
            yield Problem(f"parts.{number}.{problem.field}", problem.message)


CHECKS: dict[Kind, Callable[[Content, Any], Problems]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUEFALSE: _truefalse,
    Kind.BLANK: _blank,
    Kind.ORDER: _order,
    Kind.MATCH: _match,
    Kind.NUMBER: _number,
    Kind.SHORT: _short,
    Kind.ESSAY: _essay,
    Kind.CASE: _case,
}
