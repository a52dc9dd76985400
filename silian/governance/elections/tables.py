"""The elections of a consortium: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Organ
from silian.governance.elections.models import Election
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class ElectionTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("election"))
    organ = tables.Column()
    seats = NumberColumn(verbose_name=_("seats"))
    nominations_until = DateColumn()
    published_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Election
        fields = "title organ seats nominations_until published_on state".split()
        sequence = fields


class ElectionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title"))
    organ = filters.ChoiceFilter(choices=Organ.choices)
    state = filters.ChoiceFilter(choices=Election.State.choices)

    class Meta:
        model = Election
        fields = ["q", "organ", "state"]

    def search(self, rows: QuerySet[Election], name: str, value: str) -> QuerySet[Election]:
        return rows.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value))
