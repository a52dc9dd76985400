import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from silian.kernel.codes.checks import (
    CREDIT_ALPHABET,
    credit_check_character,
    validate_credit_code,
    validate_id_card,
    validate_mobile,
    validate_school_code,
)

BODIES = st.text(CREDIT_ALPHABET, min_size=17, max_size=17)


def is_valid(validate, value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("code", ["91110000600037341L", "N2330300MA2ABCD13C"])
def test_real_credit_codes_pass_also_those_that_begin_with_a_letter(code: str) -> None:
    validate_credit_code(code)


@given(BODIES, st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_any_single_mistyped_character_of_a_credit_code_is_caught(
    body: str, place: int, typed: str
) -> None:
    code = body + credit_check_character(body)
    mistyped = code[:place] + typed + code[place + 1 :]
    assert is_valid(validate_credit_code, code)
    assert is_valid(validate_credit_code, mistyped) == (typed == code[place])


@given(st.from_regex(r"\A[0-9]{8}[0-9A-HJ-NP-RTUW-Y]{9}\Z"))
def test_the_check_character_is_that_of_stdnum_where_stdnum_knows_the_form(body: str) -> None:
    assert credit_check_character(body) == uscc.calc_check_digit(body)


@pytest.mark.parametrize(
    "code",
    ["", "91110000600037341", "91110000600037341l", "91110000600037341LL", "9111000060003734IL"],
)
def test_what_is_no_credit_code_is_refused(code: str) -> None:
    assert not is_valid(validate_credit_code, code)


def identity(body: str) -> str:
    return body + ric.calc_check_digit(f"{body}0")


@given(st.dates().filter(lambda day: day.year >= 1900), st.integers(0, 999), st.integers(0, 17))
def test_any_single_mistyped_digit_of_an_id_card_is_caught(day, serial: int, place: int) -> None:
    number = identity(f"330303{day:%Y%m%d}{serial:03}")
    assert is_valid(validate_id_card, number)
    for typed in "0123456789":
        mistyped = number[:place] + typed + number[place + 1 :]
        assert is_valid(validate_id_card, mistyped) == (typed == number[place])


@pytest.mark.parametrize("body", ["33030320230229001", "33030320231301001", "33030300000101001"])
def test_an_id_card_with_a_day_that_does_not_exist_is_refused(body: str) -> None:
    with pytest.raises(ValidationError, match="day that does not exist"):
        validate_id_card(identity(body))


@pytest.mark.parametrize("number", ["", "33030319900101001", "33030319900101001x", "３" * 18])
def test_what_has_not_the_form_of_an_id_card_is_refused(number: str) -> None:
    with pytest.raises(ValidationError, match="18 digits"):
        validate_id_card(number)


def test_school_codes_have_ten_digits_and_mobile_numbers_eleven() -> None:
    assert is_valid(validate_school_code, "4145014684")
    assert not is_valid(validate_school_code, "414501468")
    assert is_valid(validate_mobile, "13800138000")
    assert not is_valid(validate_mobile, "12800138000")
    assert not is_valid(validate_mobile, "1380013800\n")
    assert not is_valid(validate_mobile, "１３８００１３８０００")
