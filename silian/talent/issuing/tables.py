"""Batches, and the candidates of one."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.credentials.scales import Family
from silian.talent.issuing.models import Batch, Candidate


class BatchTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("batch"))
    kind = tables.Column(accessor="kind__title", order_by="kind__title_zh")
    issuer = tables.Column(
        accessor="kind__issuer__name",
        order_by="kind__issuer__name_zh",
        verbose_name=_("issuing organisation"),
    )
    size = NumberColumn(verbose_name=_("people"))
    public_until = DateColumn()
    issued_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Batch
        fields = "title kind issuer size public_until issued_on state".split()
        sequence = fields


class BatchFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title"))
    state = filters.ChoiceFilter(choices=Batch.State.choices)
    family = filters.ChoiceFilter(
        field_name="kind__family", choices=Family.choices, label=_("family")
    )

    class Meta:
        model = Batch
        fields = "q state family".split()

    def search(self, rows: QuerySet[Batch], name: str, value: str) -> QuerySet[Batch]:
        return rows.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value))


class CandidateTable(Table):
    name = LinkColumn(
        to=lambda one: reverse(
            "issuing:candidate_detail", args=[one.batch.consortium, one.batch_id, one.pk]
        ),
        accessor="person__name",
        order_by="person__name",
        verbose_name=_("full name"),
    )
    number_of_person = tables.Column(
        accessor="person__id_masked", orderable=False, verbose_name=_("ID card number")
    )
    level = tables.Column(accessor="level_name", order_by="level", verbose_name=_("level reached"))
    hours = NumberColumn()
    on = DateColumn()
    certificate = LinkColumn(
        to=lambda one: one.certificate.get_absolute_url(),
        accessor="certificate__number",
        verbose_name=_("number"),
    )
    struck = tables.Column()

    class Meta:
        model = Candidate
        fields = "name number_of_person level hours on certificate struck".split()
        sequence = fields


class CandidateFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="person__name", lookup_expr="icontains", label=_("full name"))

    class Meta:
        model = Candidate
        fields = ["q"]
