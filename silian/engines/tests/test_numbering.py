import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silian.engines.numbering import SKILL_NUMBER, UPPER_NUMBER, fault, skill_stem, stem

years, serials = st.integers(2000, 2099), st.integers(1, 999_999)
prefixes = st.from_regex(r"[YS][0-9]{12}", fullmatch=True)


@given(prefixes, years, st.sampled_from("12345"), serials)
def test_a_level_of_the_five_has_a_letter_and_21_digits(
    prefix: str, year: int, mark: str, serial: int
) -> None:
    number = skill_stem(prefix, year=year, mark=mark).number(serial)
    assert re.fullmatch(SKILL_NUMBER, number) and len(number) == 22
    assert (number[:13], number[13:15], number[15]) == (prefix, f"{year % 100:02}", mark)


@given(prefixes, years, st.sampled_from("XTS"), serials)
def test_a_level_beyond_them_has_two_letters_and_20_digits(
    prefix: str, year: int, mark: str, serial: int
) -> None:
    number = skill_stem(prefix, year=year, mark=mark).number(serial)
    assert re.fullmatch(UPPER_NUMBER, number) and len(number) == 22
    assert number[1] == mark


@given(years, st.integers(1, 99_999), st.integers(1, 99_999))
def test_serials_of_one_stem_never_share_a_number(year: int, one: int, other: int) -> None:
    found = stem("{prefix}-{yy}{level}-{serial:5}A", prefix="JN", year=year, level="2")
    assert (found.number(one) == found.number(other)) is (one == other)
    assert found.number(one).startswith(f"JN-{year % 100:02}2-")


def test_digits_that_are_used_up_are_told() -> None:
    found = stem("{prefix}{year}{serial:2}", prefix="A", year=2026)
    assert found.number(99) == "A202699"
    with pytest.raises(ValueError, match="does not fit"):
        found.number(100)


@pytest.mark.parametrize(
    "pattern, said",
    [
        ("{prefix}{year}{serial:4}", ""),
        ("{prefix}{year}{serial}", "serial"),
        ("{prefix}{year}", "serial"),
        ("{prefix}{serial:4}", "year"),
        ("{prefix}{year}{month}{serial:4}", "place"),
        ("证{year}{serial:4}", "letter"),
        ("{year}{serial:4}{", "letter"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_told(pattern: str, said: str) -> None:
    assert fault(pattern) == said
