"""The register of bodies: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Cluster
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class BodyTable(Table):
    name = LinkColumn(order_by="name_zh", verbose_name=_("name"))
    kind = tables.Column()
    host = tables.Column(accessor="host__name", order_by="host__name_zh", verbose_name=_("host"))
    cluster = tables.Column(
        accessor="cluster__name", order_by="cluster__order", verbose_name=_("industry cluster")
    )
    founded_on = DateColumn()
    plaque = tables.Column(
        accessor="plaque__number", order_by="plaque__number", verbose_name=_("plaque")
    )
    state = StateColumn()

    class Meta:
        model = Body
        fields = ["name", "kind", "host", "cluster", "founded_on", "plaque", "state"]
        sequence = fields


def clusters_in_use(request: HttpRequest) -> QuerySet[Cluster]:
    """The clusters of the consortium that the page belongs to."""
    match = request.resolver_match
    return Cluster.objects.filter(consortium=match.kwargs["consortium"] if match else None)


class BodyFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or host"))
    kind = filters.ChoiceFilter(choices=Body.Kind.choices)
    cluster = filters.ModelChoiceFilter(queryset=clusters_in_use, label=_("industry cluster"))
    state = filters.ChoiceFilter(choices=Body.State.choices)
    host = filters.ChoiceFilter(
        choices=[("gone", _("no longer a member"))], method="hosted_by", label=_("host")
    )

    class Meta:
        model = Body
        fields = ["q", "kind", "cluster", "state", "host"]

    def search(self, rows: QuerySet[Body], name: str, value: str) -> QuerySet[Body]:
        columns = "name_zh name_en host__name_zh host__name_en".split()
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))

    def hosted_by(self, rows: Any, name: str, value: str) -> QuerySet[Body]:
        return rows.orphaned()  # type: ignore[no-any-return]
