"""Rounds, and the seats of one round: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.ui import formats
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.rounds.columns import (
    SeatSearch,
    employer_column,
    position_column,
    position_of,
    region_column,
)
from silian.talent.rounds.models import Round, Seat


class RoundTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("round"))
    kind = tables.Column()
    graduates = tables.Column(verbose_name=_("graduates"))
    places = NumberColumn(verbose_name=_("places"))
    wishes_from = DateColumn()
    wishes_until = DateColumn()
    state = StateColumn()

    class Meta:
        model = Round
        fields = "title kind graduates places wishes_from wishes_until state".split()
        sequence = fields


class RoundFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title"))
    kind = filters.ChoiceFilter(choices=Position.Kind.choices)
    state = filters.ChoiceFilter(choices=Round.State.choices)

    class Meta:
        model = Round
        fields = ["q", "kind", "state"]

    def search(self, rows: QuerySet[Round], name: str, value: str) -> QuerySet[Round]:
        return rows.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value))


class SeatTable(Table):
    position = position_column(to=position_of)
    employer = employer_column()
    region = region_column()
    quota = NumberColumn()
    minimum = NumberColumn()
    wished = NumberColumn(verbose_name=_("wishes stated"))

    class Meta:
        model = Seat
        fields = "position employer region quota minimum wished".split()
        sequence = fields

    def render_minimum(self, value: int) -> str:
        return formats.number(value) if value else ""


class SeatFilter(filters.FilterSet):
    q = SeatSearch()

    class Meta:
        model = Seat
        fields = ["q"]
