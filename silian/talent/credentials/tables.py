"""The register of certificates, and the kinds that are issued."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.credentials.models import Certificate, Kind
from silian.talent.credentials.scales import Family


class CertificateTable(Table):
    number = LinkColumn()
    name = tables.Column()
    kind = tables.Column(accessor="kind__title", order_by="kind__title_zh")
    level = tables.Column(accessor="level_name", order_by="level", verbose_name=_("level reached"))
    issued_on = DateColumn()
    expires_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Certificate
        fields = "number name kind level issued_on expires_on state".split()
        sequence = fields


class CertificateFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Number or name"))
    kind = filters.ModelChoiceFilter(queryset=Kind.objects.none(), label=_("certificate"))
    family = filters.ChoiceFilter(choices=Family.choices)
    state = filters.ChoiceFilter(
        choices=[*Certificate.State.choices, ("expired", _("Expired"))],
        method="in_state",
        label=_("state"),
    )
    year = filters.NumberFilter(field_name="issued_on", lookup_expr="year", label=_("year"))

    class Meta:
        model = Certificate
        fields = "q kind family state year".split()

    def __init__(self, data: Any, queryset: QuerySet[Certificate], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        kinds = Kind.objects.filter(pk__in=queryset.order_by().values("kind"))
        self.filters["kind"].queryset = kinds

    def search(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        return rows.filter(Q(number__icontains=value.strip()) | Q(name__icontains=value.strip()))

    def in_state(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        if value == "expired":
            return rows.filter(state=Certificate.State.VALID, expires_on__lt=clock.today())
        return rows.filter(state=value)


class KindTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("kind of certificate"))
    family = tables.Column()
    issuer = tables.Column(accessor="issuer__name", order_by="issuer__name_zh")
    levels = tables.Column(accessor="level_names", orderable=False, verbose_name=_("levels"))
    publicity_days = NumberColumn()
    issued = NumberColumn(verbose_name=_("issued"))

    class Meta:
        model = Kind
        fields = "title family issuer levels publicity_days issued".split()
        sequence = fields

    def render_levels(self, value: list[str]) -> str:
        return "、".join(value)


class KindFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title"))
    family = filters.ChoiceFilter(choices=Family.choices)

    class Meta:
        model = Kind
        fields = "q family".split()

    def search(self, rows: QuerySet[Kind], name: str, value: str) -> QuerySet[Kind]:
        return rows.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value))
