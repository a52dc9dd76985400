"""The applications for bodies: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Body
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


def page_of(body: Body) -> str:
    return reverse("proposals:proposal_detail", args=[body.consortium, body.pk])


class ProposalTable(Table):
    name = LinkColumn(to=page_of, order_by="name_zh", verbose_name=_("name"))
    kind = tables.Column(accessor="kind__name", order_by="kind", verbose_name=_("kind"))
    host = tables.Column(
        accessor="host__name", order_by="host__name_zh", verbose_name=_("applicant")
    )
    applied_at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Body
        fields = "name kind host applied_at state".split()
        sequence = fields


class ProposalFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or applicant"))
    state = filters.ChoiceFilter(choices=Body.State.choices)

    class Meta:
        model = Body
        fields = ["q", "state"]

    def search(self, rows: QuerySet[Body], name: str, value: str) -> QuerySet[Body]:
        columns = "name_zh name_en host__name_zh host__name_en".split()
        parts: list[Any] = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))
