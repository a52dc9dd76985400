"""The figures of benchmarks/extraction.py are counted honestly."""

import re

import pytest

from benchmarks import extraction
from benchmarks.extraction import Passage, Score


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    return extraction.vocabulary()


@pytest.fixture(scope="module")
def passages(words: dict[str, str]) -> list[Passage]:
    return extraction.passages(words)


def test_there_are_enough_passages_in_every_field(passages: list[Passage]) -> None:
    assert len({passage.text for passage in passages}) == len(passages) >= 300
    assert {passage.field for passage in passages} == {"bio", "mfg", "energy", "digital", "common"}
    parts = [passage.part for passage in passages]
    assert min(parts.count("dev"), parts.count("test")) > 120


def test_labels_are_taken_out_of_the_text(passages: list[Passage]) -> None:
    assert not [passage for passage in passages if re.search(r"[\[\]{}]", passage.text)]


def test_the_extractor_is_better_than_substrings(
    words: dict[str, str], passages: list[Passage]
) -> None:
    test = [passage for passage in passages if passage.part == "test"]
    known, new = extraction.measure(extraction.extractor(words), test)
    plain, _none = extraction.measure(extraction.substrings(words), test)
    assert known.precision > plain.precision and known.f1 > plain.f1
    assert known.precision > 0.9 and known.recall > 0.9
    assert new.f1 > 0.55


def test_a_planted_error_lowers_the_figures(words: dict[str, str], passages: list[Passage]) -> None:
    reader = extraction.extractor(words)
    honest, new = extraction.measure(reader, passages)

    def careless(text: str, heading: bool) -> tuple[set[str], set[str]]:
        known, proposed = reader(text, heading)
        return known | {"焊接"}, proposed | {"胡说"}

    wrong, more = extraction.measure(careless, passages)
    assert wrong.precision < honest.precision and more.precision < new.precision
    fewer = {word: name for word, name in words.items() if name != "焊接"}
    blind, _new = extraction.measure(extraction.extractor(fewer), passages)
    assert blind.recall < honest.recall


def test_the_counts_add_up() -> None:
    one = Passage("甲", "bio", False, frozenset({"a", "b"}), frozenset())
    known, new = extraction.scores([(one, {"b", "c", "d"}, set())])
    assert known == Score(right=1, wrong=2, missed=1)
    assert (known.precision, known.recall, known.f1) == (1 / 3, 1 / 2, 0.4)
    assert new.f1 == 0.0
