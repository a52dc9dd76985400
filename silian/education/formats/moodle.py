"""Moodle XML: what the question bank of Moodle exports and imports."""

import html
import re
from collections.abc import Callable, Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from silian.education.formats.gift import kind_by_worth
from silian.education.formats.reading import (
    Found,
    Question,
    Unreadable,
    Untakable,
    bounded,
    question,
)
from silian.education.formats.wording import html_of, words_in
from silian.education.questions import building
from silian.education.questions.building import Asked, Words
from silian.education.questions.schema import BLANK, Kind

FIELD = re.compile(r"\{\d*:([A-Z_]+):((?:\\.|[^\\}])*)\}")
SHORT_FIELDS = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}


def read(content: bytes) -> Found:
    root = parsed(content)
    if root.tag != "quiz":
        raise Unreadable(_("This is no Moodle XML: it does not begin with <quiz>."))
    found = Found()
    asked = [one for one in root.findall("question") if one.get("type") != "category"]
    for number, one in enumerate(bounded(asked), 1):
        name = _text(one, "name") or _("question %(n)d") % {"n": number}
        found.take(name, lambda name=name, one=one: _question(name, one))  # type: ignore[misc]
    return found


def parsed(content: bytes) -> Element:
    """The root of an XML file; nothing in it can reach out or blow up."""
    try:
        return fromstring(content)  # type: ignore[no-any-return]
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(_("The file is no sound XML: %(why)s") % {"why": error}) from None


def _question(name: str, one: Element) -> Question:
    kind = one.get("type", "")
    if kind not in READERS:
        raise Untakable(_("Questions of the type “%(type)s” are not taken.") % {"type": kind})
    if one.find(".//file") is not None:
        raise Untakable(_("It has a picture."))
    raw = _text(one, "questiontext")
    asked = READERS[kind](one, raw)
    said = any((each.text or "").strip() for each in one.findall("answer/feedback/text"))
    loss = _("Feedback on single choices was left out.") if said else ""
    return question(name, asked, words_in(_text(one, "generalfeedback")), loss)


def _text(one: Element, path: str) -> str:
    return (one.findtext(f"{path}/text") or "").strip()


def _answers(one: Element) -> list[tuple[str, float, Element]]:
    return [
        (_text_of(answer), float(answer.get("fraction") or 0), answer)
        for answer in one.findall("answer")
    ]


def _text_of(answer: Element) -> str:
    return (answer.findtext("text") or "").strip()


def _multichoice(one: Element, raw: str) -> Asked:
    answers = _answers(one)
    kind = kind_by_worth([worth for _text, worth, _a in answers])
    single = (one.findtext("single") or "true").strip() in ("true", "1")
    if single != (kind == Kind.SINGLE):
        raise Untakable(_("A choice is worth only a part of the points."))
    choices = [(words_in(text), worth > 0) for text, worth, _answer in answers]
    return building.choosing(kind, words_in(raw), choices)


def _truefalse(one: Element, raw: str) -> Asked:
    right = [text.lower() for text, worth, _answer in _answers(one) if worth > 0]
    return building.judging(words_in(raw), right[0] == "true" if right else None)


def _shortanswer(one: Element, raw: str) -> Asked:
    answers = _answers(one)
    if any(worth != 100 for _text, worth, _answer in answers):
        raise Untakable(_("An answer is worth only a part of the points."))
    accepted = [text for text, _worth, _answer in answers]
    if any("*" in text for text in accepted):
        raise Untakable(_("It accepts whatever fits a pattern (*)."))
    return building.answering(words_in(raw), accepted)


def _numerical(one: Element, raw: str) -> Asked:
    answers = [(text, answer) for text, worth, answer in _answers(one) if worth == 100]
    units = [(unit.findtext("unit_name") or "").strip() for unit in one.findall("units/unit")]
    if len(answers) != 1 or len(_answers(one)) != 1 or len(units) > 1:
        raise Untakable(_("It accepts several numbers."))
    text, answer = answers[0]
    tolerance = (answer.findtext("tolerance") or "0").strip()
    return building.measuring(words_in(raw), text, tolerance, units[0] if units else "")


def _matching(one: Element, raw: str) -> Asked:
    pairs, extra = [], []
    for sub in one.findall("subquestion"):
        left, right = words_in(_text_of(sub)), words_in(_text(sub, "answer"))
        if left[0]:
            pairs.append((left, right))
        else:
            extra.append(right)
    return building.matching(words_in(raw), pairs, extra)


def _ordering(one: Element, raw: str) -> Asked:
    ranked = sorted(_answers(one), key=lambda answer: answer[1])
    return building.ordering(words_in(raw), [words_in(text) for text, _worth, _a in ranked])


def _essay(one: Element, raw: str) -> Asked:
    return building.writing(words_in(raw))


def _cloze(one: Element, raw: str) -> Asked:
    """Places to fill in; they stand in the text, or behind one that marks them by ``____``."""
    fields = FIELD.findall(raw)
    if not fields or any(kind not in SHORT_FIELDS for kind, _inner in fields):
        raise Untakable(_("Embedded questions are taken only where all are texts to fill in."))
    bare = words_in(FIELD.sub("", raw))
    marked = len(BLANK.findall(bare[0])) == len(fields)
    words = bare if marked else words_in(FIELD.sub("____", raw))
    return building.filling(words, [_accepted(inner) for _kind, inner in fields])


def _accepted(inner: str) -> list[str]:
    parts = re.split(r"(?<!\\)~", html.unescape(inner))
    texts = []
    for part in parts:
        bare = re.split(r"(?<!\\)#", part)[0]
        found = re.fullmatch(r"(?:=|%100%)(.*)", bare.strip(), re.S)
        if not found:
            raise Untakable(_("An answer is worth only a part of the points."))
        texts.append(re.sub(r"\\(.)", r"\1", found.group(1)))
    return texts


READERS: dict[str, Callable[[Element, str], Asked]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
}


# --- writing ---------------------------------------------------------------------------------
TYPES = {
    Kind.SINGLE: "multichoice",
    Kind.MULTIPLE: "multichoice",
    Kind.TRUEFALSE: "truefalse",
    Kind.BLANK: "cloze",
    Kind.ORDER: "ordering",
    Kind.MATCH: "matching",
    Kind.NUMBER: "numerical",
    Kind.SHORT: "shortanswer",
    Kind.ESSAY: "essay",
}


def holds(one: Question) -> str:
    """Why Moodle XML cannot hold this; "" where it can."""
    content = one.content
    if content["media"]:
        return _("It has a picture.")
    if content["kind"] == Kind.CASE:
        return _("The format has no such kind.")
    if content["kind"] == Kind.SHORT and not one.key:
        return _("The format has no short answers that people mark.")
    if content["kind"] == Kind.SHORT and any("*" in text for text in one.key):
        return _("The format reads * as a pattern.")
    return ""


def write(questions: Iterable[Question]) -> bytes:
    quiz = Element("quiz")
    for one in questions:
        kind = Kind(one.content["kind"])
        node = SubElement(quiz, "question", type=TYPES[kind])
        _said(node, "name", one.name)
        _said(node, "questiontext", _questiontext(one), format="html")
        _said(node, "generalfeedback", html_of(one.explanation), format="html")
        _tell(node, kind, one)
    indent(quiz)
    return bytes(tostring(quiz, encoding="utf-8", xml_declaration=True))


def _questiontext(one: Question) -> str:
    text = html_of(building.words_of(one.content["text"]))
    if one.content["kind"] != Kind.BLANK:
        return text
    fields = [
        "{1:SHORTANSWER:" + "~".join(f"={_cloze_escaped(t)}" for t in key) + "}" for key in one.key
    ]
    return f"<p>{text}</p><p>{' '.join(fields)}</p>"


def _cloze_escaped(text: str) -> str:
    return html.escape(re.sub(r'([\\}~#/"])', r"\\\1", text), quote=False)


def _tell(node: Element, kind: Kind, one: Question) -> None:
    content, key = one.content, one.key
    named = building.by_id(content, "choices")
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        SubElement(node, "single").text = "true" if kind == Kind.SINGLE else "false"
        good = [key] if kind == Kind.SINGLE else key
        bad = 0 if kind == Kind.SINGLE else -100 / max(1, len(named) - len(good))
        for mark, words in named.items():
            _answer(node, html_of(words), 100 / len(good) if mark in good else bad)
    elif kind == Kind.TRUEFALSE:
        for truth in (True, False):
            _answer(node, str(truth).lower(), 100 * (truth == key))
    elif kind == Kind.SHORT:
        for text in key:
            _answer(node, text, 100)
    elif kind == Kind.NUMBER:
        answer = _answer(node, key["value"], 100)
        SubElement(answer, "tolerance").text = key["tolerance"]
        if content["unit"]:
            unit = SubElement(SubElement(node, "units"), "unit")
            SubElement(unit, "multiplier").text = "1"
            SubElement(unit, "unit_name").text = content["unit"]
    elif kind == Kind.ORDER:
        for place, mark in enumerate(key, 1):
            _answer(node, html_of(named[mark]), place)
    elif kind == Kind.MATCH:
        targets = building.by_id(content, "targets")
        pairs: list[tuple[Words, Words]] = [(named[a], targets[b]) for a, b in key.items()]
        pairs += [(("", ""), targets[b]) for b in targets if b not in key.values()]
        for left, right in pairs:
            sub = SubElement(node, "subquestion", format="html")
            SubElement(sub, "text").text = html_of(left)
            _said(sub, "answer", html_of(right))


def _answer(node: Element, text: str, worth: float) -> Element:
    answer = SubElement(
        node, "answer", fraction=f"{worth:.5f}".rstrip("0").rstrip("."), format="html"
    )
    SubElement(answer, "text").text = text
    return answer


def _said(node: Element, name: str, text: str, **attributes: Any) -> None:
    SubElement(SubElement(node, name, **attributes), "text").text = text
