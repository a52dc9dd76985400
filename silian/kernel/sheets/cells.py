"""What the cells of one column mean: from what people type to what a form field reads."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, translation
from django.utils.choices import flatten_choices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.kernel.codes.checks import without_numbers
from silian.kernel.sheets.fields import split_names

YES, NO = gettext_lazy("Yes"), gettext_lazy("No")
INVISIBLE = " \t\r\n\u00a0\u200b\u3000\ufeff"
SAFE_DIGITS = 10**15  # Excel keeps 15 digits of a number; longer codes arrive damaged

Convert = Callable[[Any], Any]


def in_each_language(text: Any) -> set[str]:
    """``text`` in every language of the installation, as keys to compare with."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(key_of(text))
    return found


def key_of(text: Any) -> str:
    """How a header or a choice is compared: blind to width, case, spaces and marks of duty."""
    plain = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"\s|\*|\((必填|required)\)", "", plain)


def label_of(name: str, field: forms.Field) -> str:
    """The header of a column in the reader's language."""
    return capfirst(str(field.label or name.replace("_", " ")))


def shown(value: Any) -> str:
    """A cell as its owner saw it."""
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    return str(value).strip(INVISIBLE)


def displayed(value: Any, field: forms.Field | None) -> str:
    """A cell as it may be shown to whoever brought it: no identity number is read off a screen."""
    text = shown(value)
    mask = getattr(field, "shown", None)
    return str(mask(text)) if mask and text else without_numbers(text)


def localized(value: Any, field: forms.Field) -> str:
    """A cleaned value in the reader's form, for the preview."""
    if value is None or value == "":
        return ""
    if isinstance(field, forms.ChoiceField) and not isinstance(value, list):
        return str(dict(choices_in(field)).get(str(value), value))
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, list | tuple | set):
        return "、".join(str(item) for item in value)
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return displayed(str(value), field)


def converter(field: forms.Field) -> Convert:
    """How cells of this column become what ``field`` can clean."""
    if isinstance(field, forms.MultipleChoiceField):
        meanings = choices_by_name(field)
        return lambda cell: [meanings.get(key_of(n), n) for n in split_names(shown(cell))]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        meanings = choices_by_name(field)
        return lambda cell: meanings.get(key_of(shown(cell)), shown(cell))
    for kind, convert in CONVERTERS:
        if isinstance(field, kind):
            return convert
    return text_from


def choices_by_name(field: forms.Field) -> Mapping[str, str]:
    """Every label in every language, and every code, with the code it means."""
    meanings: dict[str, str] = {}
    for value, label in choices_in(field):
        for name in in_each_language(label):
            meanings.setdefault(name, value)
    return meanings | {key_of(value): value for value in meanings.values()}


def choices_in(field: forms.Field) -> list[tuple[str, Any]]:
    """Code and label of each choice of a closed list; nothing for any other field."""
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
        return []
    listed: Any = flatten_choices(cast(Any, field.choices))
    return [(str(code), label) for code, label in listed if code not in ("", None)]


def text_from(cell: Any) -> Any:
    if isinstance(cell, float) and abs(cell) >= SAFE_DIGITS:
        raise ValidationError(
            _("Excel kept this as a number and lost digits. Format the column as text.")
        )
    return shown(cell)


def number_from(cell: Any) -> Any:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return shown(cell)
    return unicodedata.normalize("NFKC", shown(cell)).replace(",", "")


def truth_from(cell: Any) -> Any:
    """True or False; an empty cell is no."""
    key = key_of(shown(cell))
    if key in in_each_language(YES) | {"true", "1", "√", "✓"}:
        return True
    if key in in_each_language(NO) | {"false", "0", "×", ""}:
        return False
    raise ValidationError(_("Write yes or no."))


def date_from(cell: Any) -> Any:
    """A day as Excel keeps it, or as 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日 or 20260301."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = unicodedata.normalize("NFKC", shown(cell))
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text) or re.fullmatch(
        r"(\d{4})(\d\d)(\d\d)", text
    )
    return "-".join(part.zfill(2) for part in found.groups()) if found else text


def moment_from(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    day, _space, clock = unicodedata.normalize("NFKC", shown(cell)).partition(" ")
    return f"{date_from(day)} {clock}".strip()


CONVERTERS: list[tuple[type[forms.Field], Convert]] = [
    (forms.BooleanField, truth_from),
    (forms.IntegerField, number_from),  # and its children, decimal and floating
    (forms.DateTimeField, moment_from),
    (forms.DateField, date_from),
]
