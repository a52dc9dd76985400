"""Supply and demand side by side."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from silian.education.forecasts.sides import Side
from silian.kernel.ui import formats
from silian.kernel.ui.listing import NumberColumn, Table


class GapColumn(NumberColumn):
    """How many are missing; with a minus where there are too many."""

    def render(self, value: formats.Number) -> str:
        return f"+{formats.number(value)}" if value > 0 else formats.number(value)


class SideTable(Table):
    name = tables.Column(verbose_name=_("Name"), attrs={"td": {"class": "silian-name"}})
    demand = NumberColumn(verbose_name=_("Demand"))
    supply = NumberColumn(verbose_name=_("Graduates"))
    gap = GapColumn(verbose_name=_("Missing"))
    balance = tables.Column(verbose_name=_("Balance"))
    demand_next = NumberColumn(verbose_name=_("Demand, next year"))
    supply_next = NumberColumn(verbose_name=_("Graduates, next year"))
    gap_next = GapColumn(verbose_name=_("Missing, next year"))
    own = NumberColumn(verbose_name=_("Graduates of the programme itself"))
    stated = tables.Column(verbose_name=_("Programmes with figures"), orderable=False)

    def render_name(self, record: Side, value: str) -> Any:
        return format_html('<a href="{}">{}</a>', record.url, value) if record.url else value

    def value_name(self, value: str) -> str:
        return value

    def render_stated(self, record: Side, value: int) -> str:
        return f"{value} / {record.programmes}"

    value_stated = render_stated
