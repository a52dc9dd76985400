"""Ways to fill in a field that Django does not bring."""

from typing import Any

from django import forms
from django.urls import reverse_lazy


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time, chosen in the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SearchSelect(forms.Select):
    """One of very many rows: the page holds the chosen one, the browser asks for others.

    ``address`` names a view that answers ``?q=`` with ``{"results": [{"id": 1, "text": "…"}]}``.
    """

    def __init__(self, address: str) -> None:
        super().__init__(attrs={"data-search-url": reverse_lazy(address)})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        """Only the chosen row, and the empty choice."""
        every: Any = self.choices  # a ModelChoiceIterator
        field, queryset = every.field, every.queryset
        key = field.to_field_name or "pk"
        chosen = [one for one in value if one]
        try:
            rows = queryset.filter(**{f"{key}__in": chosen})
            found = [(field.prepare_value(row), field.label_from_instance(row)) for row in rows]
        except (ValueError, TypeError):  # somebody sent what is no key; the field says so
            found = []
        self.choices = [("", ""), *found]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = every
