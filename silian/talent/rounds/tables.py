"""Rounds, and the seats of one round: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.rounds.models import Round, Seat


def position_of(seat: Seat) -> str:
    return reverse("demand:position_detail", args=[seat.round.consortium, seat.position_id])


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
    position = LinkColumn(
        accessor="position__title",
        to=position_of,
        order_by="position__title_zh",
        verbose_name=_("position"),
    )
    employer = tables.Column(
        accessor="position__organisation__name",
        order_by="position__organisation__name_zh",
        verbose_name=_("employer"),
    )
    region = tables.Column(
        accessor="position__region__name",
        order_by="position__region__code",
        verbose_name=_("region"),
    )
    quota = NumberColumn()
    wished = NumberColumn(verbose_name=_("wishes stated"))

    class Meta:
        model = Seat
        fields = "position employer region quota wished".split()
        sequence = fields


class SeatFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Position or employer"))

    class Meta:
        model = Seat
        fields = ["q"]

    def search(self, rows: QuerySet[Seat], name: str, value: str) -> QuerySet[Seat]:
        found = Q()
        for path in ("position__title", "position__organisation__name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        return rows.filter(found)
