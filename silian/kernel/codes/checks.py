"""Check characters and forms of official codes; numbers of standards stand beside each."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as BadNumber

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z


def credit_check_character(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015): weights 3^i mod 31."""
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return CREDIT_ALPHABET[-total % 31]


def validate_credit_code(value: str) -> None:
    """Raise ValidationError unless ``value`` is a well-formed unified social credit code."""
    if not re.fullmatch(f"[{CREDIT_ALPHABET}]{{18}}", value):
        raise ValidationError(_("A credit code has 18 digits and capital letters without IOSVZ."))
    if credit_check_character(value[:17]) != value[17]:
        raise ValidationError(_("The last character does not fit: a digit may be mistyped."))


def validate_school_code(value: str) -> None:
    """Raise ValidationError unless ``value`` has the form of a school code: 10 digits."""
    if not re.fullmatch(r"[0-9]{10}", value):
        raise ValidationError(_("A school code has 10 digits."))


def validate_mobile(value: str) -> None:
    """Raise ValidationError unless ``value`` is a mainland mobile number."""
    if not re.fullmatch(r"1[3-9][0-9]{9}", value):
        raise ValidationError(_("A mobile number has 11 digits and starts with 13 to 19."))


def validate_id_card(value: str) -> None:
    """Raise ValidationError unless ``value`` is a resident identity number (GB 11643)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        raise ValidationError(_("An ID card number has 18 digits; the last may be a capital X."))
    if ric.calc_check_digit(value) != value[-1]:
        raise ValidationError(_("The last character does not fit: a digit may be mistyped."))
    try:
        ric.get_birth_date(value)
    except BadNumber:
        raise ValidationError(_("The ID card number names a day that does not exist.")) from None


# Six digits of a place, a day that can be one of birth, three digits and the check character.
ID_CARD = re.compile(
    r"(?<![0-9])[0-9]{6}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"(?![0-9])"
)


def validate_student_number(value: str) -> None:
    """Raise ValidationError where somebody uses identity numbers to number students."""
    if ID_CARD.search(value):
        raise ValidationError(_("This is an ID card number; it must not stand here in the clear."))


def masked(number: str) -> str:
    """An identity number, right or mistyped, as it may be shown: 3701**********1234."""
    if len(number) <= 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def without_numbers(text: str) -> str:
    """``text`` with every identity number in it masked, wherever somebody may have typed one."""
    return ID_CARD.sub(lambda found: masked(found.group()), text)
