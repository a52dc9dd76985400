"""Claims: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.claims.models import Claim
from silian.governance.members.models import named
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class ClaimTable(Table):
    organisation = LinkColumn(
        accessor="organisation__name",
        order_by="organisation__name_zh",
        verbose_name=_("organisation"),
    )
    user = tables.Column(verbose_name=_("person"))
    title = tables.Column()
    at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Claim
        fields = ["organisation", "user", "title", "at", "state"]
        sequence = fields


class ClaimFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    state = filters.ChoiceFilter(choices=Claim.State.choices)

    class Meta:
        model = Claim
        fields = ["q", "state"]

    def search(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return rows.filter(named(value, "organisation__"))
