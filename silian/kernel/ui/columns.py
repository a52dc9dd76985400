"""Tables of the house: django-tables2, with the columns that Silian's lists are made of."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui import formats
from silian.kernel.ui.templatetags.ui import state_badge


class Table(tables.Table):
    """What every list of Silian is drawn with; on a phone each row becomes a card."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"order_by_field": "sort", **kwargs})


class LinkColumn(tables.Column):
    """The name of a record, leading to ``to(record)`` or to its ``get_absolute_url()``."""

    def __init__(self, *, to: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self.to = to
        super().__init__(**{"attrs": {"td": {"class": "silian-name"}}, **kwargs})

    def render(self, value: Any, record: Any) -> SafeString:
        address = self.to(record) if self.to else record.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, value)

    def value(self, value: Any) -> str:
        return str(value)


class StateColumn(tables.Column):
    """The badge of a record's state."""

    def render(self, record: Any) -> SafeString:
        return state_badge(record)

    def value(self, record: Any) -> str:
        return str(record.get_state_display())


class DateColumn(tables.Column):
    """A day, or the day and time of a moment, as the reader writes them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"attrs": {"td": {"class": "text-nowrap"}}, **kwargs})

    def render(self, value: date | datetime) -> str:
        return formats.moment(value) if isinstance(value, datetime) else formats.day(value)

    def value(self, value: date | datetime) -> date | datetime:
        return value


class NumberColumn(tables.Column):
    """A number, to the right, with separators."""

    def __init__(self, **kwargs: Any) -> None:
        cell = {"class": "text-md-end text-nowrap"}
        super().__init__(**{"attrs": {"td": cell, "th": cell}, **kwargs})

    def render(self, value: int | float | Decimal) -> str:
        return formats.number(value)

    def value(self, value: int | float | Decimal) -> int | float | Decimal:
        return value


class MoneyColumn(NumberColumn):
    """An amount in yuan."""

    def render(self, value: int | float | Decimal) -> str:
        return formats.money(value)


class TickColumn(tables.Column):
    """A box to tick, sent as ``name`` with the form ``ticks`` of the page; not in exported files.

    A box with ``data-tick-all`` in that form ticks them all.
    """

    def __init__(self, name: str, *, ticked: bool = False, **kwargs: Any) -> None:
        self.name_sent, self.ticked = name, ticked
        plain = {"accessor": "pk", "orderable": False, "exclude_from_export": True}
        super().__init__(**{"verbose_name": _("choose"), **plain, **kwargs})

    def render(self, record: Any) -> SafeString:
        return format_html(
            '<input class="form-check-input" type="checkbox" form="ticks" name="{}" value="{}"'
            ' aria-label="{}"{}>',
            self.name_sent,
            record.pk,
            gettext("Choose %(name)s") % {"name": record},
            SafeString(" checked" if self.ticked else ""),
        )
