import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.kernel.search import words


@pytest.mark.parametrize(
    ("text", "plain"),
    [("ＧＢ／Ｔ 4754", "gb t 4754"), ("C++ & node.js", "c node js"), ("'); DROP--", "drop")],
)
def test_only_letters_digits_and_blanks_reach_the_database(text: str, plain: str) -> None:
    assert words.plain(text) == plain


def test_long_words_are_found_by_their_parts_too() -> None:
    assert {"生物", "医药", "生物医药"} <= set(words.words_of("生物医药产教联合体"))


def test_a_long_word_of_the_query_also_matches_by_pairs_and_the_last_may_be_unfinished() -> None:
    assert words.query("生物医药") == "('生物医药':* | ('生物' & '物医' & '医药'))"
    assert words.query("valve mak") == "'valve' & 'mak':*"
    assert words.query("  '  ") == ""


@given(st.text(max_size=200))
def test_any_text_makes_a_well_formed_query_and_vector(text: str) -> None:
    for made in (words.query(text), words.vector(text, text)):
        assert made.count("'") % 2 == 0
        assert "\\" not in made and "\x00" not in made


@given(st.text(alphabet="<>&\"'药a ", max_size=40), st.text(alphabet="<>&药ab ", max_size=10))
def test_whatever_is_shown_is_escaped_but_for_our_own_mark(text: str, asked: str) -> None:
    for shown in (words.highlight(text, asked), words.excerpt(text, asked)):
        assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")


def test_the_excerpt_is_the_piece_around_what_was_found() -> None:
    text = "前" * 200 + "药物制剂" + "后" * 200
    shown = words.excerpt(text, "药物制剂")
    assert "<mark>药物制剂</mark>" in shown
    assert shown.startswith("…前") and shown.endswith("后…")
    assert len(shown) < 130
