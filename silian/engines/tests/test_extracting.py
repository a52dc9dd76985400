"""What the extractor promises, whatever the text and the vocabulary are."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.engines.extracting import (
    Dictionary,
    fold,
    level_at,
    mentions,
    sentence_around,
    strongest,
)
from silian.engines.proposing import proposals

WORDS = {
    "数控编程": 1,
    "CNC编程": 1,
    "数控加工": 2,
    "加工中心操作": 3,
    "Java": 4,
    "C": 5,
    "C++": 6,
    "UG NX": 7,
    "焊接": 8,
    "HTML": 9,
}
DICTIONARY = Dictionary(WORDS)
pieces = st.sampled_from(
    [
        *WORDS,
        *"熟悉 掌握 精通 了解 、 和 ， 。 ； 能使用 示波器 优先".split(),
        *"不要求 专业 的 （ ） Script".split(),
        " ",
        "　",
        "\n",
        "ＣＮＣ编程",
    ]
)
texts = st.lists(pieces | st.text(max_size=3), max_size=14).map("".join)
vocabularies = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 9), max_size=12)


def keys(text: str, *, heading: bool = False) -> list[int]:
    return [mention.key for mention in mentions(text, DICTIONARY, heading=heading)]


def new(text: str, *, heading: bool = False) -> list[str]:
    return [one.quote for one in proposals(text, DICTIONARY, heading=heading)]


@given(texts, vocabularies)
def test_offsets_quote_the_text_and_never_overlap(text: str, words: dict[str, int]) -> None:
    for dictionary in (DICTIONARY, Dictionary(words)):
        found = mentions(text, dictionary)
        assert all(text[one.start : one.end] == one.quote for one in found)
        assert all(one.quote in dictionary for one in found)
        assert all(a.end <= b.start for a, b in pairwise(found))


@given(texts)
def test_proposals_quote_the_text_and_are_not_known(text: str) -> None:
    for one in proposals(text, DICTIONARY):
        assert text[one.start : one.end] == one.quote
        assert one.quote not in DICTIONARY


@given(texts, st.integers())
def test_the_order_of_the_vocabulary_makes_no_difference(text: str, seed: int) -> None:
    entries = list(WORDS.items())
    random.Random(seed).shuffle(entries)
    assert mentions(text, Dictionary(dict(entries))) == mentions(text, DICTIONARY)


@given(texts)
def test_reading_twice_reads_the_same(text: str) -> None:
    assert mentions(text, DICTIONARY) == mentions(text, DICTIONARY)
    assert proposals(text, DICTIONARY) == proposals(text, DICTIONARY)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_what_is_proposed_and_taken_in_is_not_proposed_again(text: str) -> None:
    found = proposals(text, DICTIONARY)
    grown = Dictionary(WORDS | {one.quote: 99 for one in found})
    assert not {one.quote for one in found} & {one.quote for one in proposals(text, grown)}


@given(texts, st.data())
def test_a_sentence_holds_its_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    begin, stop = sentence_around(text, start, end)
    assert 0 <= begin <= start <= end <= stop <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("数控加工中心操作", [3]),  # the longest word wins
        ("ＣＮＣ 编程", [1]),  # full width, an idle space
        ("JavaScript与Java", [4]),  # a Latin word is whole
        ("会C++", [6]),
        ("会C#", []),
        ("掌握HTML5", [9]),
        ("ug nx建模", [7]),
        ("UGNX", []),
    ],
)
def test_words_are_found_whole_and_in_every_spelling(text: str, expected: list[int]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "不要求数控编程",
        "无需Java基础",
        "无焊接经验亦可",
        "焊接不作要求",
        "焊接车间文员",
        "数控加工专业毕业",
        "与焊接工程师配合",
    ],
)
def test_what_is_not_asked_for_is_left_out(text: str) -> None:
    assert keys(text) == []


def test_a_refusal_ends_with_its_clause() -> None:
    assert keys("不要求数控编程，熟悉焊接") == [8]


def test_a_title_may_name_a_person_by_a_skill() -> None:
    assert keys("Java工程师", heading=True) == [4]
    assert keys("Java工程师") == []


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("了解焊接", 1),
        ("熟悉数控加工、焊接", 2),
        ("掌握数控加工和焊接", 3),
        ("精通焊接", 4),
        ("掌握图纸，负责焊接", None),
        ("精通图纸。焊接", None),
        ("参加会议，焊接", None),
        ("有较强的能力，焊接", None),
    ],
)
def test_the_governing_word_tells_the_level(text: str, level: int | None) -> None:
    assert level_at(text, text.index("焊接")) == level


def test_what_is_preferred_is_marked_and_gives_way_to_what_is_required() -> None:
    found = mentions("有焊接经验者优先，熟悉Java。了解焊接。", DICTIONARY)
    assert [(one.key, one.wished) for one in found] == [(8, True), (4, False), (8, False)]
    assert strongest(found)[8].level == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("熟悉焊接、激光打标和喷涂工艺", ["激光打标", "喷涂工艺"]),
        ("能使用示波器测量信号", ["示波器"]),
        ("掌握离心机的使用方法", ["离心机"]),
        ("具备抗压能力和经验", ["抗压能力"]),
        ("冲压编程经验者优先", ["冲压编程"]),
        ("熟悉生产流程，掌握相关知识", []),
        ("五险一金，周末双休", []),
    ],
)
def test_patterns_propose_what_the_vocabulary_lacks(text: str, expected: list[str]) -> None:
    assert new(text) == expected


def test_the_title_of_a_unit_proposes_what_it_is_about() -> None:
    assert new("项目三 气动回路搭建与焊接", heading=True) == ["气动回路"]
