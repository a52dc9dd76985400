"""What an answer is worth, for every kind of question that a machine can judge.

``content``, ``key`` and ``response`` are plain data in the shapes that ``education.items`` keeps:
single ``"a"``, multiple ``["a", "c"]``, truefalse ``true``, blank ``[["x", "y"], …]``, order
``["c", "a"]``, match ``{"a": "2"}``, number ``{"value": "3.14", "tolerance": "0.01"}``, short
``["accepted", …]`` (``[]``: marked by hand), essay ``null``, case a list of keys. A response has
the shape of the key, with one text for each blank. Whatever else a response holds is worth nothing:
it comes from a browser, and nothing it can hold makes this fail.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

ALL, PARTIAL, PENALTY = "all", "partial", "penalty"
RULES = (ALL, PARTIAL, PENALTY)
CENT = Decimal("0.01")
LONGEST_NUMBER = 40  # letters
HIGHEST_POWER = 100  # of ten
NOTHING = Decimal(0)

Content = Mapping[str, Any]
# How much of an answer is right (0 to 1), by rule; None where people judge it.
Judge = Callable[[Content, Any, Any, str], "Decimal | None"]


def score(
    content: Content, key: Any, response: Any, points: Decimal, rule: str = ALL
) -> Decimal | None:
    """The points of ``response``, from 0 to ``points`` in hundredths; None: marked by hand.

    ``all`` gives everything or nothing. ``partial`` gives a part for what is right; of several
    choices only if none that is wrong was taken. ``penalty`` takes off for what is wrong as much
    as it gives for what is right, but never goes below nothing.
    """
    if content["kind"] == "case":
        parts = score_parts(content, key, response, points, rule)
        known = [part for part in parts if part is not None]
        return sum(known, NOTHING) if len(known) == len(parts) else None
    if is_empty(response):
        return NOTHING
    share = JUDGES[content["kind"]](content, key, response, rule)
    return None if share is None else (share * points).quantize(CENT, ROUND_HALF_UP)


def score_parts(
    content: Content, key: Any, response: Any, points: Decimal, rule: str = ALL
) -> list[Decimal | None]:
    """What each part of a case is worth."""
    parts = content["parts"]
    given = response if isinstance(response, list) else []
    worth = shares(points, len(parts))
    return [
        score(part, key[n], given[n] if n < len(given) else None, worth[n], rule)
        for n, part in enumerate(parts)
    ]


def shares(points: Decimal, count: int) -> list[Decimal]:
    """``points`` divided among ``count`` parts in hundredths; the last takes what is left over."""
    each = (points / count).quantize(CENT, ROUND_DOWN)
    return [each] * (count - 1) + [points - each * (count - 1)]


def by_hand(content: Content, key: Any) -> bool:
    """Do people have to judge an answer to this, or to a part of it?"""
    if content["kind"] == "case":
        return any(by_hand(part, one) for part, one in zip(content["parts"], key, strict=True))
    return content["kind"] == "essay" or (content["kind"] == "short" and not key)


def is_empty(response: Any) -> bool:
    """Was nothing answered?"""
    if isinstance(response, str):
        return not response.strip()
    if isinstance(response, list):
        return all(is_empty(one) for one in response)
    return response is None or response == {}


def normalised(text: str) -> str:
    """A text as it is compared: blind to width, case, and spaces that separate no words."""
    plain = text
    while (folded := _folded(plain)) != plain:  # a step can bring forth what another has to mend
        plain = folded
    return plain


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    spaced = " ".join(composed.split())
    return re.sub(r"(?<![0-9a-z]) | (?![0-9a-z])", "", spaced)


def number_of(text: Any) -> Decimal | None:
    """The number that somebody typed, in whatever width and with or without separators."""
    plain = unicodedata.normalize("NFKC", str(text)).strip().replace(",", "").replace("−", "-")
    if len(plain) > LONGEST_NUMBER:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    sound = number.is_finite() and abs(number.adjusted()) <= HIGHEST_POWER
    return number if sound else None


# --- how much of an answer is right ----------------------------------------------------------
def _whole(content: Content, key: Any, response: Any, rule: str) -> Decimal:
    return Decimal(type(response) is type(key) and response == key)


def _several(content: Content, key: Any, response: Any, rule: str) -> Decimal:
    taken = _texts(response)
    return _portion(len(taken & set(key)), len(taken - set(key)), len(key), rule)


def _blanks(content: Content, key: Any, response: Any, rule: str) -> Decimal:
    given = response if isinstance(response, list) else []
    right = sum(_accepted(texts, text) for texts, text in zip(key, given, strict=False))
    wrong = sum(not is_empty(text) for text in given[: len(key)]) - right
    return _places(right, wrong, len(key), rule)


def _order(content: Content, key: Any, response: Any, rule: str) -> Decimal:
    given = response if isinstance(response, list) else []
    right = sum(one == other for one, other in zip(key, given, strict=False))
    return _places(right, len(given[: len(key)]) - right, len(key), rule)


def _match(content: Content, key: Any, response: Any, rule: str) -> Decimal:
    given = response if isinstance(response, dict) else {}
    right = sum(given.get(left) == target for left, target in key.items())
    wrong = sum(not is_empty(given.get(left)) for left in key) - right
    return _places(right, wrong, len(key), rule)


def _number(content: Content, key: Any, response: Any, rule: str) -> Decimal:
    given = number_of(response) if isinstance(response, str | int | float) else None
    if given is None:
        return NOTHING
    away = abs(given - Decimal(str(key["value"])))
    return Decimal(away <= Decimal(str(key.get("tolerance") or 0)))


def _short(content: Content, key: Any, response: Any, rule: str) -> Decimal | None:
    return Decimal(_accepted(key, response)) if key else None


def _essay(content: Content, key: Any, response: Any, rule: str) -> None:
    return None


JUDGES: dict[str, Judge] = {
    "single": _whole,
    "truefalse": _whole,
    "multiple": _several,
    "blank": _blanks,
    "order": _order,
    "match": _match,
    "number": _number,
    "short": _short,
    "essay": _essay,
}


def _portion(right: int, wrong: int, count: int, rule: str) -> Decimal:
    """Of a set: whoever takes everything has not answered."""
    if rule == PENALTY:
        return max(NOTHING, Decimal(right - wrong) / count)
    if wrong or rule == ALL:
        return Decimal(right == count and not wrong)
    return Decimal(right) / count


def _places(right: int, wrong: int, count: int, rule: str) -> Decimal:
    """Of places that are each filled rightly or wrongly."""
    if rule == ALL:
        return Decimal(right == count)
    counted = right - wrong if rule == PENALTY else right
    return max(NOTHING, Decimal(counted) / count)


def _accepted(texts: Sequence[str], given: Any) -> bool:
    return isinstance(given, str) and normalised(given) in map(normalised, texts)


def _texts(response: Any) -> set[str]:
    given = response if isinstance(response, list) else []
    return {one for one in given if isinstance(one, str)}
