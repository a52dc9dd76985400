"""QTI 3 and 2.1, as single items or packages: names of both are read as one.

``qti-choice-interaction`` and ``choiceInteraction`` are both ``choiceinteraction`` here, and so are
attributes. Items with one interaction are taken, and cases whose questions stand in boxes of the
class ``silian-part``.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Set
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from silian.education.formats.moodle import parsed
from silian.education.formats.reading import (
    Found,
    Question,
    Unreadable,
    Untakable,
    bounded,
    question,
)
from silian.education.formats.wording import Collector
from silian.education.questions import building
from silian.education.questions.building import Asked, Words
from silian.education.questions.schema import BLANK, Kind

MOST_UNPACKED = 60 * 1024 * 1024  # bytes
PART = "silian-part"
TRUTHS = {
    **dict.fromkeys(("true", "t", "正确", "对", "是", "√"), True),
    **dict.fromkeys(("false", "f", "错误", "错", "否", "×"), False),
}
WRITTEN = {"textentryinteraction", "extendedtextinteraction"}
TAKEN = WRITTEN | {"choiceinteraction", "orderinteraction", "matchinteraction"}


def read(content: bytes) -> Found:
    found = Found()
    for name, root in bounded(_items(content)):
        found.take(name, lambda name=name, root=root: _item(name, root))  # type: ignore[misc]
    if not found.questions and not found.refused:
        raise Unreadable(_("There is no QTI item in this file."))
    return found


def _items(content: bytes) -> Iterator[tuple[str, Element]]:
    if not content.startswith(b"PK"):
        root = parsed(content)
        if _name(root) == "assessmentitem":
            yield root.get("title") or root.get("identifier") or "1", root
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable(_("The file is too large once unpacked."))
            for entry in archive.infolist():
                if entry.filename.lower().endswith(".xml"):
                    root = parsed(archive.read(entry))
                    if _name(root) == "assessmentitem":
                        yield root.get("title") or entry.filename, root
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError):
        raise Unreadable(_("The package is damaged or protected by a password.")) from None


def _item(name: str, root: Element) -> Question:
    body = next(_all(root, "itembody"), None)
    if body is None:
        raise Untakable(_("It asks nothing."))
    if any(True for _one in _all(root, "templatedeclaration")):
        raise Untakable(_("It is made anew for each candidate (a template), which is not taken."))
    parts = [one for one in body.iter() if PART in (one.get("class") or "").split()]
    if parts:
        words = _words(body, without=set(parts))
        asked = building.case(words, [_asked(root, part) for part in parts])
    else:
        asked = _asked(root, body)
    rubric = [_words(one) for one in _all(body, "rubricblock")]
    return question(name, asked, rubric[0] if rubric else ("", ""))


def _asked(root: Element, box: Element) -> Asked:
    found = [one for one in box.iter() if _name(one).endswith("interaction")]
    strange = [_name(one) for one in found if _name(one) not in TAKEN]
    if strange:
        raise Untakable(
            _("Interactions of the kind “%(kind)s” are not taken.") % {"kind": strange[0]}
        )
    if found and all(_name(one) == "textentryinteraction" for one in found):
        return _write_in(root, box, found)
    if len(found) != 1:
        raise Untakable(
            _("It has %(n)d interactions; items with one are taken.") % {"n": len(found)}
        )
    node = found[0]
    before = _words(box, without={node})
    prompt = next(_all(node, "prompt"), None)
    asked = _words(prompt) if prompt is not None else ("", "")
    words = _joined(before, asked)
    if _name(node) == "extendedtextinteraction":
        return building.writing(words)
    return CHOSEN[_name(node)](root, node, words)


def _choice(root: Element, node: Element, words: Words) -> Asked:
    right = _right(root, node)
    rows = [(_attribute(one, "identifier"), _words(one)) for one in _all(node, "simplechoice")]
    truths = [TRUTHS.get(mark.lower(), TRUTHS.get(text[0].lower())) for mark, text in rows]
    if len(rows) == 2 and set(truths) == {True, False}:
        return building.judging(
            words, next((t for (m, _x), t in zip(rows, truths, strict=True) if m in right), None)
        )
    kind = Kind.MULTIPLE if _declared(root, node).get("cardinality") == "multiple" else Kind.SINGLE
    return building.choosing(kind, words, [(text, mark in right) for mark, text in rows])


def _order(root: Element, node: Element, words: Words) -> Asked:
    texts = {_attribute(one, "identifier"): _words(one) for one in _all(node, "simplechoice")}
    right = _right(root, node)
    if set(right) != set(texts):
        raise Untakable(_("The right order is not given."))
    return building.ordering(words, [texts[mark] for mark in right])


def _match(root: Element, node: Element, words: Words) -> Asked:
    sets = [
        {
            _attribute(one, "identifier"): _words(one)
            for one in _all(group, "simpleassociablechoice")
        }
        for group in _all(node, "simplematchset")
    ]
    pairs = dict(pair.split() for pair in _right(root, node) if len(pair.split()) == 2)
    if len(sets) != 2 or set(pairs) != set(sets[0]) or not set(pairs.values()) <= set(sets[1]):
        raise Untakable(_("Not each text on the left has one partner on the right."))
    extra = [text for mark, text in sets[1].items() if mark not in pairs.values()]
    both = [(left, sets[1][pairs[mark]]) for mark, left in sets[0].items()]
    return building.matching(words, both, extra)


CHOSEN: dict[str, Callable[[Element, Element, Words], Asked]] = {
    "choiceinteraction": _choice,
    "orderinteraction": _order,
    "matchinteraction": _match,
}


def _write_in(root: Element, box: Element, nodes: list[Element]) -> Asked:
    """A number, a short answer, or places to fill in, in the text or behind it."""
    units = [one for one in box.iter() if one.get("class") == "unit"]
    bare = _words(box, without={*nodes, *units})
    if _declared(root, nodes[0]).get("base-type") in ("float", "integer") and len(nodes) == 1:
        unit = "".join(units[0].itertext()) if units else ""
        value = next(iter(_right(root, nodes[0])), "")
        return building.measuring(bare, value, _tolerance(root, nodes[0]), unit)
    accepted = [_accepted(root, node) for node in nodes]
    if len(BLANK.findall(bare[0])) == len(nodes):
        return building.filling(bare, accepted)
    inside = _words(box, without=set(units), marked=set(nodes))
    trailing = re.fullmatch(r"(.*?)\s*_{4}", inside[0], re.S)
    if len(nodes) == 1 and trailing and trailing.group(1).strip() == bare[0]:
        return building.answering(bare, accepted[0])
    return building.filling(inside, accepted)


def _accepted(root: Element, node: Element) -> list[str]:
    declared = _declaration(root, node)
    texts = list(_right(root, node))
    for one in _all(declared, "mapentry") if declared is not None else ():
        if float(_attribute(one, "mapped-value") or 0) > 0:
            texts.append(_attribute(one, "map-key"))
    return list(dict.fromkeys(texts))


def _tolerance(root: Element, node: Element) -> str:
    name = _attribute(node, "response-identifier")
    for one in _all(root, "equal"):
        if any(_attribute(each, "identifier") == name for each in one):
            mode = _attribute(one, "tolerance-mode")
            if mode == "relative":
                raise Untakable(_("It has a relative tolerance."))
            return _attribute(one, "tolerance").split()[0] if mode == "absolute" else "0"
    return "0"


def _right(root: Element, node: Element) -> list[str]:
    declared = _declaration(root, node)
    if declared is None:
        return []
    correct = next(_all(declared, "correctresponse"), None)
    return [(v.text or "").strip() for v in _all(correct, "value")] if correct is not None else []


def _declared(root: Element, node: Element) -> dict[str, str]:
    declared = _declaration(root, node)
    if declared is None:
        return {}
    return {name: _attribute(declared, name) for name in ("cardinality", "base-type")}


def _declaration(root: Element, node: Element) -> Element | None:
    name = _attribute(node, "response-identifier")
    rows = _all(root, "responsedeclaration")
    return next((one for one in rows if _attribute(one, "identifier") == name), None)


def _words(
    box: Element,
    *,
    without: Set[Any] = frozenset(),
    marked: Set[Any] = frozenset(),
) -> Words:
    """The text of a box in both languages; ``marked`` elements become places to fill in."""
    found = Collector()
    _collect(box, found, without | {*_all(box, "rubricblock")} - {box}, marked)
    return found.words


def _collect(one: Element, found: Collector, without: Set[Any], marked: Set[Any]) -> None:
    found.start(_name(one), one.get("{http://www.w3.org/XML/1998/namespace}lang"))
    found.data(one.text or "")
    for child in one:
        if child in marked:
            found.data(" ____ ")
        elif child not in without:
            _collect(child, found, without, marked)
        found.data(child.tail or "")
    found.end(_name(one))


def _joined(first: Words, second: Words) -> Words:
    zh, en = ("\n".join(filter(None, pair)) for pair in zip(first, second, strict=True))
    return zh, en


def _all(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if _name(one) == name)


def _name(one: Element) -> str:
    """The name of an element in either version: without namespace, prefix, dashes and case."""
    bare = str(one.tag).rpartition("}")[2].lower()
    return bare.removeprefix("qti-").replace("-", "")


def _attribute(one: Element, name: str) -> str:
    """``base-type`` or ``baseType``, whichever there is."""
    head, *rest = name.split("-")
    return one.get(name) or one.get(head + "".join(word.capitalize() for word in rest)) or ""
