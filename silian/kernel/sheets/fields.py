"""Form fields that cells need and Django does not have."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel.codes.checks import masked, validate_id_card
from silian.kernel.sheets.registry import Finding, Row

Named = Iterable[tuple[str, Any]]


class LookupField(forms.CharField):
    """A cell that names something stored: ``LookupField(lambda: [("210200", dalian), …])``.

    ``entries`` gives every name or code by which a cell may call a thing; it is asked once for a
    whole file. ``many`` reads several, separated by ``、，,；;`` or a line break, into a list.
    """

    default_error_messages = {"unknown": _("“%(value)s” is not known here.")}

    def __init__(self, entries: Callable[[], Named], *, many: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.entries, self.many = entries, many
        self.known: dict[str, Any] | None = None

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if self.many:
            return [self.find(name) for name in split_names(text)]
        return self.find(text) if text else None

    def find(self, name: str) -> Any:
        if self.known is None:
            self.known = {key.strip().casefold(): thing for key, thing in self.entries()}
        try:
            return self.known[name.strip().casefold()]
        except KeyError:
            raise ValidationError(
                self.error_messages["unknown"], "unknown", {"value": name}
            ) from None


class NumberOfPersonField(forms.CharField):
    """An identity number: read as it is, shown masked wherever the sheet is shown."""

    default_validators = [validate_id_card]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 18, **options})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()

    def shown(self, text: str) -> str:
        return masked(text)


def split_names(text: str) -> list[str]:
    """The names in a cell that holds several."""
    return [name.strip() for name in re.split(r"[、，,；;\n]", text) if name.strip()]


def same_numbers(rows: Iterable[Row], field: str) -> Iterator[Finding]:
    """Rows whose number an earlier row has already."""
    first: dict[str, int] = {}
    for row in rows:
        earlier = first.setdefault(row[field], row.number)
        if earlier != row.number:
            yield row.number, field, gettext("Row %(row)s has the same number.") % {"row": earlier}
