# ruff: noqa: E501  files as others write them
"""What goes out comes back the same, for each kind that a format can hold; the rest is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.education.exchange import cells
from silian.education.formats import gift, moodle, qtireading, qtiwriting
from silian.education.formats.reading import Unreadable, question
from silian.education.formats.registry import FORMATS, read
from silian.education.questions import building
from silian.education.questions.building import Asked
from silian.education.questions.schema import Kind, problems

TRICKY = 'a=b ~c #d {e} :f \\g <i> & "h" -> %50% 100'
WORDS = [
    ("主轴\n转速", "spindle speed"),
    (TRICKY, "x < y & {z}"),
    ("进给", ""),
    ("背吃刀量", "depth"),
]
TEXT = (f"第一行\n{TRICKY}", "First line\nsecond")
SINGLE = building.choosing(Kind.SINGLE, TEXT, [(w, n == 1) for n, w in enumerate(WORDS)])
PAIRS = [(WORDS[n], (f"乙{n}", f"B{n}")) for n in range(3)]
ALL: dict[str, Asked] = {
    "single": SINGLE,
    "multiple": building.choosing(Kind.MULTIPLE, TEXT, [(w, n < 3) for n, w in enumerate(WORDS)]),
    "multiple of two": building.choosing(
        Kind.MULTIPLE, ("问", ""), [(w, n < 2) for n, w in enumerate(WORDS)]
    ),
    "true": building.judging(TEXT, True),
    "false": building.judging(("错的", ""), False),
    "blank": building.filling(("刀具半径左补偿用____。", "Use ____."), [["G41", "g 41"]]),
    "blanks": building.filling(("用____和____", ""), [["a~b", "c"], ["d}e#f"]]),
    "order": building.ordering(TEXT, WORDS),
    "match": building.matching(TEXT, PAIRS, [("乙9", "B9")]),
    "number": building.measuring(TEXT, "-3.14", "0.01"),
    "number with unit": building.measuring(("直径?", ""), "25", "0.02", "mm"),
    "short": building.answering(("答?", ""), ["对刀", "tool = setting"]),
    "short by hand": building.answering(("说说", ""), []),
    "essay": building.writing(TEXT),
    "case": building.case(
        TEXT, [SINGLE, building.measuring(("算", ""), "1.5", "0.1", "A"), building.writing(TEXT)]
    ),
}
QUESTIONS = {name: question(name, asked, ("因为", "because")) for name, asked in ALL.items()}


@pytest.mark.parametrize("name", ALL)
def test_the_samples_are_sound(name: str) -> None:
    assert not problems(*ALL[name])


@pytest.mark.parametrize("name", FORMATS)
def test_what_goes_out_comes_back_the_same(name: str) -> None:
    form = FORMATS[name]
    held = [one for one in QUESTIONS.values() if not form.holds(one)]
    known, found = read(form.write(held))
    assert known == name and not found.refused
    assert [one.content for one in found.questions] == [one.content for one in held]
    assert [one.key for one in found.questions] == [one.key for one in held]
    assert [one.name for one in found.questions] == [one.name for one in held]
    assert {one.explanation for one in found.questions} == {("因为", "because")}
    assert not found.losses


def test_what_each_format_cannot_hold() -> None:
    kinds = {
        name: {k for k, q in QUESTIONS.items() if form.holds(q)} for name, form in FORMATS.items()
    }
    assert kinds["qti"] == set()
    assert kinds["moodle"] == {"case", "short by hand"}
    assert kinds["gift"] == {
        *("case", "short by hand", "blanks", "order", "number with unit"),
    }


@pytest.mark.parametrize("name", [n for n in ALL if n != "case"])
def test_a_row_of_a_sheet_holds_all_but_cases(name: str) -> None:
    content, key = ALL[name]
    content = {**content}
    if any("->" in row["zh"] for row in content.get("choices", [])) and content["kind"] == "match":
        assert not cells.holds(content, key)
    assert cells.asked(content["kind"], cells.row_of(content, key)) == (content, key)


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)
)
def test_any_text_survives_gift_and_moodle_and_qti(text: str) -> None:
    tidy = " ".join(text.split())
    if not tidy or "____" in tidy:
        return
    one = question("q", building.judging((tidy, ""), True))
    for found in (gift.read(gift.write([one]).encode()), moodle.read(moodle.write([one]))):
        assert [each.content for each in found.questions] == [one.content]
    found = qtireading.read(qtiwriting.write([one]))
    assert [each.content for each in found.questions] == [one.content]


GIFT = """// 注释
$CATEGORY: tom

::Q1::Who is buried in Grant's tomb? {=Grant ~Napoleon#no ~Churchill ####Really.}

The capital of France is {=Paris =Paree}.

::Range:: When? {#1822:5}

When exactly? {#1..5}

::M:: Two of them {~%50%A ~%50%B ~%-100%C}

::Part:: Some {=A ~%50%B ~C}

::Patterns:: Pick {~A ~B}

Just a description of something.

::Pic:: [html]See <img src="@@x@@"> {T}
"""


def test_gift_as_others_write_it() -> None:
    found = gift.read(GIFT.encode())
    kinds = [one.content["kind"] for one in found.questions]
    assert kinds == ["single", "blank", "number", "number", "multiple"]
    first, second, third, fourth, _fifth = found.questions
    assert first.explanation == ("Really.", "") and first.loss and first.key == "a"
    assert second.content["text"]["zh"] == "The capital of France is ____ ."
    assert third.key == {"value": "1822", "tolerance": "5"}
    assert fourth.key == {"value": "3", "tolerance": "2"}
    assert [name for name, _why in found.refused] == ["Part", "Patterns", "question 8", "Pic"]


MOODLE = """<?xml version="1.0"?><quiz>
<question type="category"><category><text>x</text></category></question>
<question type="multichoice"><name><text>weights</text></name><questiontext format="html">
<text><![CDATA[<p>Which?</p>]]></text></questiontext><single>true</single>
<answer fraction="100"><text>A</text></answer><answer fraction="50"><text>B</text></answer></question>
<question type="calculated"><name><text>calc</text></name></question>
<question type="cloze"><name><text>cloze</text></name><questiontext><text><![CDATA[<p>2 + 2 =
{1:SHORTANSWER:=4~%100%four}, and {1:SA:=six} = 3 + 3</p>]]></text></questiontext></question>
<question type="cloze"><name><text>numbers</text></name><questiontext><text>{1:NM:=4}</text></questiontext></question>
<question type="shortanswer"><name><text>star</text></name><questiontext><text>S</text></questiontext>
<answer fraction="100"><text>*gear*</text></answer></question>
</quiz>"""


def test_moodle_as_others_write_it() -> None:
    found = moodle.read(MOODLE.encode())
    [cloze] = found.questions
    assert cloze.content["text"]["zh"] == "2 + 2 = ____, and ____ = 3 + 3"
    assert cloze.key == [["4", "four"], ["six"]]
    assert [name for name, _why in found.refused] == ["weights", "calc", "numbers", "star"]


QTI21 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="c" title="{title}"
 adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="{base}">
<correctResponse><value>{right}</value></correctResponse></responseDeclaration>
<itemBody>{body}</itemBody></assessmentItem>"""


@pytest.mark.parametrize(
    ("body", "base", "right", "kind", "key"),
    [
        (
            '<p>Look.</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>What?'
            '</prompt><simpleChoice identifier="X1">You</simpleChoice><simpleChoice identifier="X2">Me'
            "</simpleChoice></choiceInteraction>",
            *("identifier", "X2", "single", "b"),
        ),
        (
            '<p>Now is the <textEntryInteraction responseIdentifier="RESPONSE"/> of our discontent</p>',
            *("string", "winter", "blank", [["winter"]]),
        ),
        (
            '<p>How much?</p><textEntryInteraction responseIdentifier="RESPONSE"/>',
            *("float", "2.5", "number", {"value": "2.5", "tolerance": "0"}),
        ),
    ],
)
def test_qti_2_1_is_read(body: str, base: str, right: str, kind: str, key: object) -> None:
    known, found = read(QTI21.format(title="t", body=body, base=base, right=right).encode())
    [one] = found.questions
    assert (known, one.content["kind"], one.key) == ("qti", kind, key)


def test_what_qti_holds_that_cannot_be_taken_is_said() -> None:
    body = '<p>x</p><hotspotInteraction responseIdentifier="RESPONSE"/>'
    _known, found = read(
        QTI21.format(title="spot", body=body, base="identifier", right="a").encode()
    )
    assert found.refused[0][0] == "spot" and "hotspotinteraction" in found.refused[0][1]


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>',
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        b"<quiz><question",
        b"<other/>",
        b"PK\x03\x04 damaged",
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_a_bad_file_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)
