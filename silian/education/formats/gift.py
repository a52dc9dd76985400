r"""GIFT, the plain text of Moodle: ``::name:: question {=right ~wrong}``.

Written and read: single and multiple choice, true or false, one place to fill in, matching, a
number without a unit, short and long answers. A place to fill in stays in the text as ``____``.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from silian.education.formats.reading import Found, Question, Untakable, bounded, question, text_of
from silian.education.formats.wording import html_of, words_in
from silian.education.questions import building
from silian.education.questions.building import Asked, Words
from silian.education.questions.schema import BLANK, Kind

SPECIAL = re.compile(r"([~=#{}:\\])")
FORMAT = re.compile(r"^\s*\[(html|plain|moodle|markdown)\]\s*")
WEIGHT = re.compile(r"^%(-?[\d.]+)%")
MARK = "\0"  # stands before a sign that was escaped
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def read(content: bytes) -> Found:
    found = Found()
    for number, block in enumerate(bounded(_blocks(text_of(content))), 1):
        name, rest = _named(block, number)
        found.take(name, lambda name=name, rest=rest: _question(name, rest))  # type: ignore[misc]
    return found


def _blocks(text: str) -> Iterator[str]:
    """Questions are parted by empty lines; comments and categories are none."""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            if not line.lstrip().startswith(("//", "$CATEGORY")):
                lines.append(line)
        elif lines:
            yield "\n".join(lines)
            lines = []


def _named(block: str, number: int) -> tuple[str, str]:
    found = re.match(r"\s*::(.*?)(?<!\\)::", block, re.S)
    if found:
        return _plain(_guarded(found.group(1))), block[found.end() :]
    return _("question %(n)d") % {"n": number}, block


def _question(name: str, rest: str) -> Question:
    text = _guarded(FORMAT.sub("", rest))
    begin = _find(text, "{")
    end = _find(text, "}", begin)
    if begin < 0 or end < 0:
        raise Untakable(_("It asks nothing: there are no { }."))
    inner, general = _split_off(text[begin + 1 : end].strip(), "####")
    after = text[end + 1 :].strip()
    before = text[:begin].strip()
    words = words_in(_plain(f"{before} ____ {after}" if after else before))
    return question(name, _asked(words, inner.strip()), words_in(_plain(general)), _loss(inner))


def _loss(inner: str) -> str:
    feedback = "#" in inner.lstrip("#").replace(f"{MARK}#", "")
    return _("Feedback on single choices was left out.") if feedback else ""


def _asked(words: Words, inner: str) -> Asked:
    """Which kind it is shows in its signs."""
    if not inner:
        return building.writing(words)
    if (truth := TRUTHS.get(inner.partition("#")[0].strip().upper())) is not None:
        return building.judging(words, truth)
    if inner.startswith("#"):
        return _number(words, inner[1:])
    answers = list(_answers(inner))
    if any("->" in text for _sign, _weight, text in answers):
        return _match(words, [text for _sign, _weight, text in answers])
    if all(sign == "=" for sign, _weight, _text in answers):
        if any(weight not in (None, 100) for _sign, weight, _text in answers):
            raise Untakable(_("An answer is worth only a part of the points."))
        accepted = [_plain(text) for _sign, _weight, text in answers]
        one = len(BLANK.findall(words[0])) == 1
        return building.filling(words, [accepted]) if one else building.answering(words, accepted)
    return _choice(words, answers)


def _answers(inner: str) -> Iterator[tuple[str, float | None, str]]:
    """Sign, weight in per cent and text of each answer."""
    for found in re.finditer(rf"(?<!{MARK})([=~])((?:{MARK}.|[^=~{MARK}])*)", inner, re.S):
        text = _split_off(found.group(2).strip(), "#")[0].strip()
        weight = WEIGHT.match(text)
        yield (
            found.group(1),
            float(weight.group(1)) if weight else None,
            WEIGHT.sub("", text).strip(),
        )


def _choice(words: Words, answers: list[tuple[str, float | None, str]]) -> Asked:
    worth = [
        weight if weight is not None else 100.0 * (sign == "=") for sign, weight, _t in answers
    ]
    texts = [words_in(_plain(text)) for _sign, _weight, text in answers]
    return building.choosing(
        kind_by_worth(worth), words, list(zip(texts, (w > 0 for w in worth), strict=True))
    )


def kind_by_worth(worth: list[float]) -> str:
    """Single where one choice is worth everything, multiple where several share it evenly."""
    good = [one for one in worth if one > 0]
    if len(good) == 1 and good[0] >= 99:
        return Kind.SINGLE
    if len(good) > 1 and abs(sum(good) - 100) < 1 and max(good) - min(good) < 1:
        return Kind.MULTIPLE
    raise Untakable(_("A choice is worth only a part of the points."))


def _match(words: Words, texts: list[str]) -> Asked:
    pairs, extra = [], []
    for text in texts:
        left, _arrow, right = text.partition("->")
        both = words_in(_plain(left)), words_in(_plain(right))
        if both[0][0]:
            pairs.append(both)
        else:
            extra.append(both[1])
    return building.matching(words, pairs, extra)


def _number(words: Words, text: str) -> Asked:
    bare = _plain(_split_off(text.strip().lstrip("="), "#")[0]).strip()
    if "=" in bare or "%" in bare:
        raise Untakable(_("It accepts several numbers."))
    if ".." in bare:
        low, high = _numbers(bare.split("..", 1))
        return building.measuring(words, f"{(low + high) / 2:g}", f"{(high - low) / 2:g}")
    value, _colon, tolerance = bare.partition(":")
    return building.measuring(words, value, tolerance)


def _numbers(texts: Iterable[str]) -> list[float]:
    try:
        return [float(text) for text in texts]
    except ValueError:
        raise Untakable(_("The right number cannot be read.")) from None


def _guarded(text: str) -> str:
    """Escaped signs behind a mark, so that they are no signs any more."""
    return re.sub(
        r"\\(.)", lambda m: "\n" if m.group(1) == "n" else MARK + m.group(1), text, flags=re.S
    )


def _plain(text: str) -> str:
    return text.replace(MARK, "")


def _find(text: str, sign: str, start: int = 0) -> int:
    found = re.compile(rf"(?<!{MARK}){re.escape(sign)}").search(text, max(start, 0))
    return found.start() if found else -1


def _split_off(text: str, sign: str) -> tuple[str, str]:
    at = _find(text, sign)
    return (text, "") if at < 0 else (text[:at], text[at + len(sign) :])


# --- writing ---------------------------------------------------------------------------------
def write(questions: Iterable[Question]) -> str:
    return "\n\n".join(_written(one) for one in questions) + "\n"


def holds(one: Question) -> str:  # noqa: PLR0911  a reason each
    """Why GIFT cannot hold this; "" where it can."""
    content, key = one.content, one.key
    if content["media"]:
        return _("It has a picture.")
    if content["kind"] in (Kind.ORDER, Kind.CASE):
        return _("The format has no such kind.")
    if content["kind"] == Kind.BLANK and content["blanks"] > 1:
        return _("The format has one place to fill in at most.")
    if content["kind"] == Kind.NUMBER and content["unit"]:
        return _("The format has no units.")
    if content["kind"] == Kind.SHORT and not key:
        return _("The format has no short answers that people mark.")
    if content["kind"] == Kind.SHORT and len(BLANK.findall(content["text"]["zh"])) == 1:
        return _("It would be read as a place to fill in.")
    return ""


def _written(one: Question) -> str:
    text = _escaped(html_of(building.words_of(one.content["text"])))
    general = f"####{_escaped(html_of(one.explanation))}" if one.explanation[0] else ""
    return f"::{_escaped(one.name)}::[html]{text} {{{_inner(one)}{general}}}"


def _inner(one: Question) -> str:  # noqa: PLR0911  one for each kind
    content, key = one.content, one.key
    named = building.by_id(content, "choices")
    kind = content["kind"]
    if kind == Kind.TRUEFALSE:
        return "TRUE" if key else "FALSE"
    if kind == Kind.NUMBER:
        return f"#{key['value']}:{key['tolerance']}"
    if kind in (Kind.SHORT, Kind.BLANK):
        accepted = key[0] if kind == Kind.BLANK else key
        return " ".join(f"={_escaped(text)}" for text in accepted)
    if kind == Kind.MATCH:
        targets = building.by_id(content, "targets")
        pairs = [f"={_said(named[left])} -> {_said(targets[right])}" for left, right in key.items()]
        alone = [f"= -> {_said(targets[mark])}" for mark in targets if mark not in key.values()]
        return " ".join(pairs + alone)
    if kind == Kind.MULTIPLE:
        good, bad = 100 / len(key), -100 / max(1, len(named) - len(key))
        weights = {mark: good if mark in key else max(bad, -100.0) for mark in named}
        return " ".join(f"~%{weights[mark]:.5f}%{_said(words)}" for mark, words in named.items())
    if kind == Kind.SINGLE:
        return " ".join(f"{'=' if m == key else '~'}{_said(words)}" for m, words in named.items())
    return ""


def _said(words: Words) -> str:
    return _escaped(html_of(words))


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")
