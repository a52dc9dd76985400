"""The rotation as a list to take along."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, Table
from silian.talent.rotations.models import Group, Stay


class StayTable(Table):
    group = tables.Column(accessor="group__name", order_by="group__name")
    phase = tables.Column(accessor="phase__title", order_by="phase__order")
    site = tables.Column(accessor="site__name", order_by="site__name_zh")
    place = tables.Column()
    starts_on = DateColumn()
    ends_on = DateColumn()

    class Meta:
        model = Stay
        fields = "starts_on ends_on group phase site place".split()
        sequence = fields


def groups_here(request: HttpRequest | None) -> QuerySet[Group]:
    key = request.resolver_match.kwargs["pk"] if request and request.resolver_match else 0
    return Group.objects.filter(cohort=key)


class StayFilter(filters.FilterSet):
    group = filters.ModelChoiceFilter(queryset=groups_here, label=_("group"))
    after = filters.DateFilter(field_name="ends_on", lookup_expr="gte", label=_("from this day"))

    class Meta:
        model = Stay
        fields = ["group", "after"]
