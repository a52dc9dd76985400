"""A form field that takes a code of an official list, and a filter by code.

``region = CodeField("region", min_level=2)`` gives the form a ``Code``. The browser loads offers as
one types; without scripts the code itself, or a name that only one entry has, is typed in.
"""

import re
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.codes import services
from silian.kernel.codes.models import Code


class CodeSelect(forms.Select):
    """A select that holds only what is chosen; silian.js loads offers from ``data-search-url``."""

    template_name = "codes/code_select.html"

    def __init__(self, kind: str, level: int, multiple: bool) -> None:
        super().__init__()
        self.kind, self.level, self.allow_multiple_selected = kind, level, multiple

    def build_attrs(self, base: Any, extra: Any = None) -> dict[str, Any]:
        address = f"{reverse('codes:code_search', args=[self.kind])}?level={self.level}"
        attrs = super().build_attrs(base, extra) | {"data-search-url": address}
        return attrs | ({"multiple": True} if self.allow_multiple_selected else {})

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        chosen = [one for one in value if one]
        known = services.by_code(self.kind, chosen)
        named = [(one, services.label(known[one]) if one in known else one) for one in chosen]
        self.choices = named if self.allow_multiple_selected else [("", ""), *named]
        return super().optgroups(name, value, attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The last value sent: without scripts that is the text field, which follows the select."""
        if not self.allow_multiple_selected or not hasattr(data, "getlist"):
            return data.get(name)
        return [part for sent in data.getlist(name) for part in re.split(r"[,，;；\s]+", sent)]


class CodeField(forms.Field):
    """One entry of the version in use of a list, or several; None or an empty list for nothing."""

    default_error_messages = {
        "unknown": _("“%(value)s” is neither a code nor a name of this list."),
        "ambiguous": _("Several entries are called “%(value)s”; give the code."),
        "general": _("“%(value)s” is too general; choose an entry below it."),
    }

    def __init__(
        self, kind: str, *, multiple: bool = False, min_level: int = 1, **options: Any
    ) -> None:
        self.kind, self.multiple, self.min_level = kind, multiple, min_level
        super().__init__(widget=CodeSelect(kind, min_level, multiple), **options)

    def prepare_value(self, value: Any) -> Any:
        """Codes for the widget, from keys or rows (initial values) or from what was sent."""
        if isinstance(value, (list, tuple, QuerySet)):
            return [self.prepare_value(one) for one in value]
        if isinstance(value, Code):
            return value.code
        if isinstance(value, int):
            return Code.objects.values_list("code", flat=True).filter(pk=value).first()
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        was, now = self.prepare_value(initial), data
        if self.multiple:
            return set(was or ()) != {one for one in now or () if one}
        return (was or "") != (now or "")

    def clean(self, value: Any) -> Any:
        sent = value if self.multiple else [value]
        found = self.entries(one.strip() for one in sent or () if one and one.strip())
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found if self.multiple else next(iter(found), None)

    def entries(self, sent: Iterable[str]) -> list[Code]:
        unique = {found.pk: found for found in map(self.entry, dict.fromkeys(sent))}
        return list(unique.values())

    def entry(self, text: str) -> Code:
        """The entry whose code, whole name or unambiguous name is ``text``."""
        entries = Code.objects.current(self.kind).select_related("list")
        named = Q(full_name_zh=text) | Q(name_zh=text) | Q(name_en__iexact=text)
        found = list(entries.filter(code=text) or entries.filter(named)[:2])
        if len(found) != 1:
            fault = "ambiguous" if found else "unknown"
        elif not Code.objects.choosable(self.min_level).filter(pk=found[0].pk).exists():
            fault = "general"
        else:
            return found[0]
        raise ValidationError(self.error_messages[fault], code=fault, params={"value": text})


class CodeFilter(django_filters.Filter):
    """Rows whose code is the chosen one or lies below it: a province finds its counties."""

    field_class = CodeField

    def filter(self, rows: QuerySet[Model], value: Code | None) -> QuerySet[Model]:
        if value is None:
            return rows
        # read at once: the planner then knows how many they are
        keys = list(services.under(value).values_list("pk", flat=True))
        return rows.filter(**{f"{self.field_name}__in": keys})
