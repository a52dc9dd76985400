"""The register of resolutions."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Organ
from silian.governance.members.models import Organisation
from silian.governance.resolutions.models import Resolution, ResolutionQuerySet
from silian.governance.roles.policy import organisations_of
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class ResolutionTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("resolution"))
    number = tables.Column(order_by=("year", "serial"), attrs={"td": {"class": "text-nowrap"}})
    decided_on = DateColumn()
    owner = tables.Column(accessor="owner__name", order_by="owner__name_zh", verbose_name=_("unit"))
    person = tables.Column()
    due_on = DateColumn()
    days_left = NumberColumn(order_by="due_on", verbose_name=_("days left"))
    state = StateColumn()

    class Meta:
        model = Resolution
        fields = "title number decided_on owner person due_on days_left state".split()
        sequence = fields


def units_in_charge(request: HttpRequest) -> QuerySet[Organisation]:
    """The units that carry out something in this consortium."""
    match = request.resolver_match
    consortium = match.kwargs["consortium"] if match else None
    given = Resolution.objects.filter(consortium=consortium)
    return Organisation.objects.filter(pk__in=given.values("owner"))


class ResolutionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Number, title or text"))
    state = filters.ChoiceFilter(choices=Resolution.State.choices)
    owner = filters.ModelChoiceFilter(queryset=units_in_charge, label=_("unit"))
    organ = filters.ChoiceFilter(choices=Organ.choices, method="of_organ", label=_("organ"))
    year = filters.NumberFilter(label=_("year"))
    only = filters.ChoiceFilter(
        choices=[
            ("overdue", _("Overdue")),
            ("running", _("Not done yet")),
            ("mine", _("Of my unit")),
        ],
        method="narrow",
        label=_("only"),
    )

    class Meta:
        model = Resolution
        fields = ["q", "state", "owner", "organ", "year", "only"]

    def of_organ(self, rows: QuerySet[Resolution], name: str, value: str) -> QuerySet[Resolution]:
        return rows.filter(Q(meeting__organ=value) | Q(motion__organ=value))

    def narrow(self, rows: ResolutionQuerySet, name: str, value: str) -> Any:
        if value == "mine":
            return rows.filter(owner__in=organisations_of(self.request.user))
        return rows.overdue() if value == "overdue" else rows.running()

    def search(self, rows: QuerySet[Resolution], name: str, value: str) -> QuerySet[Resolution]:
        columns = ["number", "title_zh", "title_en", "text_zh", "text_en", "person"]
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))
