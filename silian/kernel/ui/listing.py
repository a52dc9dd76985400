"""A list that people filter, sort, page through and take with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BoundField, CheckboxInput, Select, SelectMultiple
from django.forms.widgets import MultiWidget
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from silian.kernel.ui import formats
from silian.kernel.ui.columns import (
    DateColumn,
    LinkColumn,
    MoneyColumn,
    NumberColumn,
    StateColumn,
    Table,
    TickColumn,
)
from silian.kernel.ui.exports import exported

__all__ = [
    "DateColumn",
    "LinkColumn",
    "Listing",
    "MoneyColumn",
    "NumberColumn",
    "StateColumn",
    "Table",
    "TickColumn",
]

PAGE, EXPORT, SEARCH = "page", "export", "q"  # names in the address
MANY = 12  # more choices than this can be searched


@dataclass(frozen=True)
class Chip:
    """One filter that is on, and the address without it."""

    label: str
    value: str
    url: str


class Listing:
    """One list page: ``rows`` is what the reader may see, the address says how to show them.

    ``name`` names exported files. The page extends ``ui/index.html`` and finds this as ``listing``.
    """

    blank_message: str | Promise = _("There is nothing here yet.")

    def __init__(  # noqa: PLR0913  each is said once, by name
        self,
        request: HttpRequest,
        rows: QuerySet[Any] | Iterable[Any],
        table_class: type[Table],
        filter_class: type[FilterSet] | None = None,
        *,
        name: str = "list",
        per_page: int = 25,
    ) -> None:
        self.request, self.name = request, name
        self.filters = filter_class(request.GET, rows, request=request) if filter_class else None
        self.table = table_class(self.filters.qs if self.filters else rows)
        self.table.request = request
        self._sort()
        self.paginator = Paginator(self.table.rows, per_page)

    def page(self, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
        """The page, or the file where the address asks for an export."""
        return self._file() or render(self.request, template, {**(context or {}), "listing": self})

    def _file(self) -> HttpResponse | None:
        return exported(self.table, self.request.GET.get(EXPORT, ""), self.name)

    def _sort(self) -> None:
        """Sort as the address asks; equal rows by key, so that none is on two pages."""
        if wanted := self.request.GET.getlist(self.table.prefixed_order_by_field):
            self.table.order_by = wanted
        data = self.table.data.data
        if isinstance(data, QuerySet) and data.query.order_by:
            self.table.data.data = data.order_by(*data.query.order_by, "pk")

    @property
    def found(self) -> Any:
        """The rows that the filters leave, in no order."""
        return self.filters.qs if self.filters else self.table.data.data

    def count_is(self, total: int) -> None:
        """Take the number of rows from somebody who counted them already."""
        self.paginator.count = total

    # what the template asks

    @cached_property
    def current(self) -> Page[Any]:
        return self.paginator.get_page(self.request.GET.get(PAGE))

    @property
    def is_export(self) -> bool:
        """Does the whole list leave as a file?"""
        return EXPORT in self.request.GET

    @property
    def shown(self) -> Iterable[Any]:
        """The records that leave with this answer: all in a file, those of one page else."""
        rows = self.table.rows if self.is_export else self.current.object_list
        return (row.record for row in rows)

    @property
    def total(self) -> int:
        return self.paginator.count

    @property
    def is_blank(self) -> bool:
        """Nothing at all, rather than nothing that matches."""
        return not self.total and not self.chips

    @property
    def sort(self) -> str:
        return self.request.GET.get(self.table.prefixed_order_by_field, "")

    @property
    def pages(self) -> list[int | str]:
        return list(self.paginator.get_elided_page_range(self.current.number, on_each_side=1))

    @cached_property
    def fields(self) -> list[BoundField]:
        """The filters, except the search box, dressed for the bar."""
        if not self.filters:
            return []
        self.filters.form.auto_id = "filter-%s"
        return [_dressed(field) for field in self.filters.form if field.name != SEARCH]

    @property
    def search(self) -> BoundField | None:
        """The filter named ``q``."""
        form = self.filters.form if self.filters else {}
        return form[SEARCH] if self.filters and SEARCH in self.filters.form.fields else None

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters that are on."""
        if not self.filters or not self.filters.is_bound:
            return []
        form = self.filters.form
        cleaned = getattr(form, "cleaned_data", {})
        given = {name: cleaned.get(name) for name in form.fields}
        return [self._chip(form[name], v) for name, v in given.items() if _is_on(v)]

    def _chip(self, field: BoundField, value: Any) -> Chip:
        return Chip(str(field.label), _worded(field, value), self._address_without(field))

    def _address_without(self, field: BoundField) -> str:
        query = self.request.GET.copy()
        for key in list(query):
            part = isinstance(field.field.widget, MultiWidget) and key.startswith(f"{field.name}_")
            if key in {field.name, PAGE} or part:
                del query[key]
        return f"?{query.urlencode()}"


def _is_on(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [])


def _worded(field: BoundField, value: Any) -> str:
    """The value as the reader chose it."""
    if isinstance(value, slice):
        return " – ".join("" if end is None else str(end) for end in (value.start, value.stop))
    values = value if isinstance(value, list | tuple | QuerySet) else [value]
    coded = all(isinstance(one, str) for one in values)
    labels = dict(getattr(field.field, "choices", ())) if coded else {}
    return "、".join(str(labels.get(one, formats.readable(one))) for one in values)


def _dressed(field: BoundField) -> BoundField:
    """The Bootstrap classes that its widget needs, and "All" where nothing is chosen."""
    widget = field.field.widget
    for part in widget.widgets if isinstance(widget, MultiWidget) else [widget]:
        if isinstance(part, CheckboxInput):
            part.attrs["class"] = "form-check-input"
        elif isinstance(part, Select):
            _dress_select(part)
        else:
            part.attrs["class"] = "form-control"
    return field


def _dress_select(select: Select) -> None:
    select.attrs["class"] = "form-select"
    if "data-search-url" in select.attrs:  # its choices are asked for one by one
        return
    choices = list(select.choices)
    if choices and choices[0][0] in ("", None):
        choices[0] = ("", settings.FILTERS_EMPTY_CHOICE_LABEL)
    if isinstance(select, SelectMultiple) or len(choices) > MANY:
        select.attrs["data-search"] = ""
    select.choices = choices
