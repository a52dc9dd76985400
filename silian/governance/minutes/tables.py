"""The register of minutes."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Organ
from silian.governance.minutes.models import Minutes
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class MinutesTable(Table):
    meeting = LinkColumn(
        accessor="meeting__title", order_by="meeting__title_zh", verbose_name=_("meeting")
    )
    organ = tables.Column(
        accessor="meeting__convener", order_by="meeting__organ", verbose_name=_("organ")
    )
    held = DateColumn(accessor="meeting__starts_at", verbose_name=_("held"))
    approved_on = DateColumn()
    sealed_at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Minutes
        fields = ["meeting", "organ", "held", "approved_on", "sealed_at", "state"]
        sequence = fields


class MinutesFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Meeting"))
    state = filters.ChoiceFilter(choices=Minutes.State.choices)
    organ = filters.ChoiceFilter(
        choices=Organ.choices, field_name="meeting__organ", label=_("organ")
    )
    year = filters.NumberFilter(
        field_name="meeting__starts_at", lookup_expr="year", label=_("year")
    )

    class Meta:
        model = Minutes
        fields = ["q", "state", "organ", "year"]

    def search(self, rows: QuerySet[Minutes], name: str, value: str) -> QuerySet[Minutes]:
        words = value.strip()
        return rows.filter(
            Q(meeting__title_zh__icontains=words) | Q(meeting__title_en__icontains=words)
        )
