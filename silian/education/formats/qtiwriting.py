"""QTI 3: a package (zip) with one file an item, as 1EdTech specifies it. Every kind can be held."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _

from silian.education.formats.reading import Question
from silian.education.questions import building
from silian.education.questions.building import Words
from silian.education.questions.schema import Kind

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
MATCHED = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
LANGUAGE = "xml:lang"
STAMP = (2000, 1, 1, 0, 0, 0)  # of files inside: the same items make the same bytes


def holds(one: Question) -> str:
    """Why QTI cannot hold this; "" where it can."""
    return _("It has a picture.") if one.content["media"] else ""


def write(questions: Iterable[Question]) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        names = []
        for number, one in enumerate(questions, 1):
            names.append(f"items/item-{number}.xml")
            _add(archive, names[-1], item_of(one, number))
        _add(archive, "imsmanifest.xml", _manifest(names))
    return package.getvalue()


def item_of(one: Question, number: int) -> Element:
    item = Element(
        "qti-assessment-item",
        {
            "xmlns": QTI,
            "identifier": f"item-{number}",
            "title": one.name,
            "adaptive": "false",
            "time-dependent": "false",
            LANGUAGE: "zh",
        },
    )
    declared: list[Element] = []
    body = Element("qti-item-body")
    inputs = _ask(body, declared, one.content, one.key, "RESPONSE")
    item.extend(declared)
    SubElement(
        item,
        "qti-outcome-declaration",
        {"identifier": "SCORE", "cardinality": "single", "base-type": "float"},
    )
    if one.explanation[0]:
        rubric = SubElement(body, "qti-rubric-block", {"use": "scoring", "view": "scorer"})
        _paragraph(rubric, one.explanation)
    item.append(body)
    item.append(_processing(inputs))
    return item


def _ask(
    body: Element, declared: list[Element], content: dict[str, Any], key: Any, name: str
) -> list[tuple[str, str]]:
    """Draw a question into ``body``; gives what has to be compared with more than equality."""
    if content["kind"] == Kind.CASE:
        _paragraph(body, building.words_of(content["text"]))
        compared = []
        for place, (part, one) in enumerate(zip(content["parts"], key, strict=True), 1):
            box = SubElement(body, "div", {"class": "silian-part"})
            compared += _ask(box, declared, part, one, f"{name}_{place}")
        return compared
    if content["kind"] in (Kind.BLANK, Kind.SHORT, Kind.NUMBER, Kind.ESSAY):
        return _write_in(body, declared, content, key, name)
    _choose(body, declared, content, key, name)
    return []


def _choose(
    body: Element, declared: list[Element], content: dict[str, Any], key: Any, name: str
) -> None:
    kind = content["kind"]
    named = building.by_id(content, "choices")
    interaction = {
        Kind.ORDER: "qti-order-interaction",
        Kind.MATCH: "qti-match-interaction",
    }.get(kind, "qti-choice-interaction")
    node = SubElement(body, interaction, {"response-identifier": name, "shuffle": "false"})
    _words(SubElement(node, "qti-prompt"), building.words_of(content["text"]))
    if kind == Kind.MATCH:
        node.set("max-associations", "0")
        for rows, most in ((content["choices"], "1"), (content["targets"], "0")):
            group = SubElement(node, "qti-simple-match-set")
            for row in rows:
                about = {"identifier": _mark(row["id"]), "match-max": most}
                choice = SubElement(group, "qti-simple-associable-choice", about)
                _words(choice, building.words_of(row))
        pairs = [f"{_mark(left)} {_mark(right)}" for left, right in key.items()]
        declared.append(_declaration(name, "multiple", "directedPair", pairs))
        return
    if kind == Kind.TRUEFALSE:
        named = {"true": ("正确", "True"), "false": ("错误", "False")}
        key = str(key).lower()
    if kind != Kind.ORDER:
        node.set("max-choices", "0" if kind == Kind.MULTIPLE else "1")
    for mark, words in named.items():
        _words(SubElement(node, "qti-simple-choice", {"identifier": mark}), words)
    cardinality = {Kind.MULTIPLE: "multiple", Kind.ORDER: "ordered"}.get(kind, "single")
    right = list(key) if isinstance(key, list) else [str(key)]
    declared.append(_declaration(name, cardinality, "identifier", right))


def _write_in(
    body: Element, declared: list[Element], content: dict[str, Any], key: Any, name: str
) -> list[tuple[str, str]]:
    """Texts and numbers; a text that marks its places by ``____`` keeps them, the inputs follow."""
    kind = content["kind"]
    words = building.words_of(content["text"])
    if kind == Kind.ESSAY:
        node = SubElement(body, "qti-extended-text-interaction", {"response-identifier": name})
        _words(SubElement(node, "qti-prompt"), words)
        declared.append(_declaration(name, "single", "string", []))
        return []
    _paragraph(body, words)
    line = SubElement(body, "p")
    if kind == Kind.NUMBER:
        SubElement(line, "qti-text-entry-interaction", {"response-identifier": name})
        declared.append(_declaration(name, "single", "float", [key["value"]]))
        if content["unit"]:
            SubElement(line, "span", {"class": "unit"}).text = content["unit"]
        return [(name, key["tolerance"])]
    accepted = key if kind == Kind.BLANK else [key]
    many = len(accepted) > 1
    for place, texts in enumerate(accepted, 1):
        own = f"{name}_{place}" if many else name
        SubElement(line, "qti-text-entry-interaction", {"response-identifier": own})
        declaration = _declaration(own, "single", "string", texts[:1])
        if texts:
            mapping = SubElement(declaration, "qti-mapping", {"default-value": "0"})
            for text in texts:
                entry = {"map-key": text, "mapped-value": "1", "case-sensitive": "false"}
                SubElement(mapping, "qti-map-entry", entry)
        declared.append(declaration)
    return []


def _declaration(name: str, cardinality: str, kind: str, right: list[str]) -> Element:
    attributes = {"identifier": name, "cardinality": cardinality, "base-type": kind}
    node = Element("qti-response-declaration", attributes)
    if right:
        correct = SubElement(node, "qti-correct-response")
        for value in right:
            SubElement(correct, "qti-value").text = value
    return node


def _processing(compared: list[tuple[str, str]]) -> Element:
    """Right where all is right; numbers within their tolerance."""
    node = Element("qti-response-processing")
    if not compared:
        node.set("template", MATCHED)
        return node
    condition = SubElement(node, "qti-response-condition")
    inside = SubElement(condition, "qti-response-if")
    every = SubElement(inside, "qti-and")
    for name, tolerance in compared:
        equal = {"tolerance-mode": "absolute", "tolerance": f"{tolerance} {tolerance}"}
        pair = SubElement(every, "qti-equal", equal)
        SubElement(pair, "qti-variable", {"identifier": name})
        SubElement(pair, "qti-correct", {"identifier": name})
    outcome = SubElement(inside, "qti-set-outcome-value", {"identifier": "SCORE"})
    SubElement(outcome, "qti-base-value", {"base-type": "float"}).text = "1"
    return node


def _paragraph(parent: Element, words: Words) -> None:
    for language, text in zip(("zh", "en"), words, strict=True):
        if text:
            box = SubElement(parent, "div", {LANGUAGE: language})
            for line in text.split("\n"):
                SubElement(box, "p").text = line


def _words(parent: Element, words: Words) -> None:
    """In one line, with spans only where there are two languages."""
    if not words[1]:
        _lines(parent, words[0])
        return
    for language, text in zip(("zh", "en"), words, strict=True):
        _lines(SubElement(parent, "span", {LANGUAGE: language}), text)


def _lines(parent: Element, text: str) -> None:
    first, *more = text.split("\n")
    parent.text = first
    for line in more:
        SubElement(parent, "br").tail = line


def _mark(mark: str) -> str:
    """An identifier does not begin with a digit."""
    return f"t{mark}" if mark[:1].isdigit() else mark


def _manifest(names: list[str]) -> Element:
    root = Element("manifest", {"xmlns": PACKAGE, "identifier": "silian-items"})
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = "QTI Package"
    SubElement(about, "schemaversion").text = "3.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for number, name in enumerate(names, 1):
        attributes = {"identifier": f"res-{number}", "type": "imsqti_item_xmlv3p0", "href": name}
        SubElement(SubElement(resources, "resource", attributes), "file", {"href": name})
    return root


def _add(archive: zipfile.ZipFile, name: str, root: Element) -> None:
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, tostring(root, encoding="utf-8", xml_declaration=True))
