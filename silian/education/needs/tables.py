"""What is asked for: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.needs.models import Pool
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class PoolTable(Table):
    title = LinkColumn(
        order_by=("skill__name_zh", "occupation__name_zh"), verbose_name=_("training asked for")
    )
    people = NumberColumn(verbose_name=_("people"))
    askers = NumberColumn(verbose_name=_("requests"))
    begun_at = DateColumn()
    taken_by = tables.Column(accessor="taken_by__name", order_by="taken_by__name_zh")
    state = StateColumn()

    class Meta:
        model = Pool
        fields = "title people askers begun_at taken_by state".split()
        sequence = fields


class PoolFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Skill or occupation"))
    state = filters.ChoiceFilter(choices=Pool.State.choices)

    class Meta:
        model = Pool
        fields = "q state".split()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = Q(skill__name_zh__icontains=value) | Q(skill__name_en__icontains=value)
        found |= Q(occupation__name_zh__icontains=value) | Q(occupation__name_en__icontains=value)
        return rows.filter(found)
