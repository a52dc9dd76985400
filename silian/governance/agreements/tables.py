"""The register of agreements: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.members.models import Organisation
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table

FEW = 3  # parties that a row names; the page names all


class AgreementTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("title"))
    number = tables.Column(attrs={"td": {"class": "text-nowrap"}})
    kind = tables.Column()
    parties = tables.Column(accessor="party_set", orderable=False, verbose_name=_("parties"))
    signed_on = DateColumn()
    expires_on = DateColumn()
    days_left = NumberColumn(order_by="expires_on", verbose_name=_("days left"))
    state = StateColumn()

    class Meta:
        model = Agreement
        fields = [
            "title",
            "number",
            "kind",
            "parties",
            "signed_on",
            "expires_on",
            "days_left",
            "state",
        ]
        sequence = fields

    def render_parties(self, value: Any) -> str:
        names = [party.name for party in value.all()]
        shown = "、".join(names[:FEW])
        return f"{shown} … ({len(names)})" if len(names) > FEW else shown

    def value_parties(self, value: Any) -> str:
        return "、".join(party.name for party in value.all())


def parties_in_use(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations that are a party of some agreement of this consortium."""
    match = request.resolver_match
    consortium = match.kwargs["consortium"] if match else None
    register = Agreement.objects.filter(consortium=consortium)
    parties = Party.objects.filter(agreement__in=register)
    return Organisation.objects.filter(pk__in=parties.values("organisation"))


class AgreementFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title, number or party"))
    kind = filters.ChoiceFilter(choices=Agreement.ORDINARY_KINDS)
    state = filters.ChoiceFilter(choices=Agreement.State.choices)
    party = filters.ModelChoiceFilter(
        queryset=parties_in_use, field_name="parties", label=_("party")
    )
    within = filters.NumberFilter(
        method="expiring", label=_("expires within, days"), min_value=0, max_value=36500
    )

    class Meta:
        model = Agreement
        fields = ["q", "kind", "state", "party", "within"]

    def search(self, rows: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        words = value.strip()
        party = Q(organisation__name_zh__icontains=words) | Q(
            organisation__name_en__icontains=words
        )
        named = Party.objects.filter(party).values("agreement")
        title = Q(title_zh__icontains=words) | Q(title_en__icontains=words)
        title |= Q(number__icontains=words)
        return rows.filter(title | Q(pk__in=named))

    def expiring(self, rows: Any, name: str, value: Any) -> QuerySet[Agreement]:
        return rows.expiring_within(int(value))  # type: ignore[no-any-return]
