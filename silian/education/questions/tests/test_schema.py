"""Each kind of item: what is sound, what is not, and that the message names the field."""

from typing import Any

import pytest

from silian.education.questions import building
from silian.education.questions.building import Asked
from silian.education.questions.schema import Kind, problems
from silian.engines.scoring import score

TEXT = ("问题", "Question")
WORDS = [(f"甲{n}", f"A{n}") for n in range(4)]
PAIRS = [(WORDS[n], (f"乙{n}", f"B{n}")) for n in range(3)]
SINGLE = building.choosing(Kind.SINGLE, TEXT, [(w, n == 2) for n, w in enumerate(WORDS)])
SOUND: dict[str, Asked] = {
    "single": SINGLE,
    "multiple": building.choosing(
        Kind.MULTIPLE, TEXT, [(w, n % 2 == 0) for n, w in enumerate(WORDS)]
    ),
    "truefalse": building.judging(TEXT, False),
    "blank": building.filling(("用____和____", "____"), [["a", "b"], ["c"]]),
    "order": building.ordering(TEXT, WORDS),
    "match": building.matching(TEXT, PAIRS, [("乙9", "B9")]),
    "number": building.measuring(TEXT, "3.14", "0.01", "mm"),
    "short": building.answering(TEXT, ["对刀"]),
    "essay": building.writing(TEXT),
    "case": building.case(TEXT, [SINGLE, building.writing(TEXT)]),
}


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_has_a_sound_form(kind: str) -> None:
    content, key = SOUND[kind]
    assert content["kind"] == kind and not problems(content, key)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (({"kind": "hotspot"}, None), "kind"),
        (building.judging(("", ""), True), "text"),
        (building.judging(("x" * 5001, ""), True), "text"),
        (building.judging(TEXT, None), "key"),
        (building.choosing(Kind.SINGLE, TEXT, [(WORDS[0], True)]), "choices"),
        (building.choosing(Kind.SINGLE, TEXT, [(w, True) for w in WORDS]), "key"),
        (
            building.choosing(Kind.SINGLE, TEXT, [(WORDS[0], True), (("甲 0", ""), False)]),
            "choices.2",
        ),
        (building.choosing(Kind.SINGLE, TEXT, [(WORDS[0], True), (("", "A"), False)]), "choices.2"),
        (building.choosing(Kind.MULTIPLE, TEXT, [(w, not n) for n, w in enumerate(WORDS)]), "key"),
        (building.filling(("没有空", ""), [["a"]]), "text"),
        (building.filling(("用____", ""), []), "key"),
        (building.filling(("用____", ""), [[" "]]), "key.1"),
        (building.ordering(TEXT, WORDS[:2]), "choices"),
        (building.matching(TEXT, PAIRS[:1]), "choices"),
        (building.measuring(TEXT, "三"), "key"),
        (building.measuring(TEXT, "3", "-1"), "tolerance"),
        (building.measuring(TEXT, "3", "1", "u" * 21), "unit"),
        (building.answering(TEXT, ["y" * 201]), "key"),
        ((building.writing(TEXT)[0], "x"), "key"),
        (building.case(TEXT, []), "parts"),
        (building.case(TEXT, [SINGLE, building.judging(TEXT, None)]), "parts.2.key"),
        (building.case(TEXT, [SOUND["case"]]), "parts.1.kind"),
        ((SINGLE[0] | {"blanks": 2}, SINGLE[1]), "blanks"),
        ((SINGLE[0] | {"media": [{"file": 1, "alt": {}}]}, SINGLE[1]), "media.1"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(asked: tuple[Any, Any], field: str) -> None:
    assert field in [problem.field for problem in problems(*asked)]


def test_neither_marks_nor_order_tell_an_answer() -> None:
    content, key = building.ordering(TEXT, [(f"第{n}步", "") for n in range(8)])
    assert key != [row["id"] for row in content["choices"]]
    content, key = building.matching(TEXT, [((f"左{n}", ""), (f"右{n}", "")) for n in range(8)])
    assert list(key.values()) != [row["id"] for row in content["targets"]]


@pytest.mark.parametrize("kind", sorted(set(Kind.values) - {"essay", "case", "blank"}))
def test_the_key_itself_is_worth_all_points(kind: str) -> None:
    content, key = SOUND[kind]
    response = key["value"] if kind == "number" else key[0] if kind == "short" else key
    assert score(content, key, response, 2) == 2
    assert building.answer_of(content, key)
