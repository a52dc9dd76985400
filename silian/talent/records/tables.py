"""The records that people share with an organisation: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, Table
from silian.talent.consents.models import Consent


class SharedTable(Table):
    name = LinkColumn(
        accessor="person__name",
        verbose_name=_("full name"),
        to=lambda consent: reverse("records:person", args=[consent.person_id]),
    )
    covered = tables.Column(orderable=False, verbose_name=_("what may be read"))
    given_at = DateColumn(verbose_name=_("since"))

    class Meta:
        model = Consent
        fields = ["name", "covered", "given_at"]
        sequence = fields

    def render_covered(self, value: list[str]) -> str:
        return "、".join(value)

    value_covered = render_covered


class SharedFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="person__name", lookup_expr="icontains", label=_("Name"))
    skill = filters.CharFilter(method="by_skill", label=_("skill"))

    class Meta:
        model = Consent
        fields = ["q", "skill"]

    def by_skill(self, rows: QuerySet[Consent], name: str, value: str) -> QuerySet[Consent]:
        """Only among those whose consent covers skills."""
        found = rows.filter(covers__contains=[Consent.Data.SKILLS])
        return found.filter(person__entries__skill__name_zh__icontains=value).distinct()
