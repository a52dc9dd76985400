"""The files that were brought."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.exchange.models import Arrival
from silian.education.formats.registry import FORMATS
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


def page_of(arrival: Arrival) -> str:
    return reverse("exchange:arrival_detail", args=[arrival.bank.consortium, arrival.pk])


class ArrivalTable(Table):
    name = LinkColumn(to=page_of)
    format = tables.Column()
    bank = tables.Column(accessor="bank__name", order_by="bank__name_zh")
    count = NumberColumn(verbose_name=_("can be taken"))
    refused = NumberColumn(orderable=False, verbose_name=_("cannot be taken"))
    by = tables.Column(accessor="by__name", order_by="by__name", verbose_name=_("by whom"))
    at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Arrival
        fields = "name format bank count refused by at state".split()
        sequence = fields

    def render_format(self, value: str) -> str:
        return str(FORMATS[value].label)

    def render_refused(self, value: list[object]) -> int:
        return len(value)

    def value_refused(self, value: list[object]) -> int:
        return len(value)
