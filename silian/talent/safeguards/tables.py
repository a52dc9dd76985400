"""Policies and checks: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, Table
from silian.talent.safeguards.models import Policy, SiteCheck


class PolicyTable(Table):
    number = LinkColumn()
    insurer = tables.Column()
    kind = tables.Column()
    starts_on = DateColumn()
    ends_on = DateColumn()

    class Meta:
        model = Policy
        fields = "number insurer kind starts_on ends_on".split()
        sequence = fields


class PolicyFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Insurer or number"))
    kind = filters.ChoiceFilter(choices=Policy.Kind.choices)

    class Meta:
        model = Policy
        fields = ["q", "kind"]

    def search(self, rows: QuerySet[Policy], name: str, value: str) -> QuerySet[Policy]:
        return rows.filter(Q(insurer__icontains=value) | Q(number__icontains=value))


class SiteCheckTable(Table):
    unit = LinkColumn(order_by="unit__name_zh")
    checked_on = DateColumn()
    valid_until = DateColumn()
    checkers = tables.Column()
    result = tables.Column()

    class Meta:
        model = SiteCheck
        fields = "unit checked_on valid_until checkers result".split()
        sequence = fields


class SiteCheckFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="unit__name_zh", lookup_expr="icontains", label=_("Unit"))
    result = filters.ChoiceFilter(choices=SiteCheck.Result.choices)

    class Meta:
        model = SiteCheck
        fields = ["q", "result"]
