"""What the hall can be searched by; a saved search keeps the same words."""

from datetime import date, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Cluster, Consortium
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.codes.models import Code
from silian.kernel.search.services import matching

FRESH = [
    ("7", _("Confirmed within a week")),
    ("30", _("Confirmed within a month")),
    ("yes", _("Without what is unconfirmed")),
]


def regions_in_use(request: HttpRequest | None) -> QuerySet[Code]:
    """Where positions are, and what these places belong to."""
    used = Code.objects.filter(pk__in=Position.objects.published().values("region"))
    above = Q(pk__in=used.values("parent")) | Q(pk__in=used.values("parent__parent"))
    return Code.objects.filter(Q(pk__in=used) | above)


def occupations_in_use(request: HttpRequest | None) -> QuerySet[Code]:
    return Code.objects.filter(pk__in=Position.objects.published().values("occupation"))


def employers_in_use(request: HttpRequest | None) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=Position.objects.published().values("organisation"))


def skills_in_use(request: HttpRequest | None) -> QuerySet[Skill]:
    asked = Position.objects.published().values("skills")
    return Skill.objects.filter(pk__in=asked)


class UsedCodeFilter(filters.ModelChoiceFilter):
    """One of the codes that occur, with whatever lies below it."""

    def filter(self, rows: QuerySet[Any], value: Code | None) -> QuerySet[Any]:
        if not value:
            return rows
        below = Code.objects.under(value).values("pk")
        return rows.filter(**{f"{self.field_name}__in": below})


class PositionFilter(filters.FilterSet):
    """Those that a facet or a link sets stand hidden in the bar: it keeps them when it is used."""

    q = filters.CharFilter(method="search", label=_("Position, employer, duty or skill"))
    kind = filters.MultipleChoiceFilter(
        choices=Position.Kind.choices, distinct=False, widget=forms.MultipleHiddenInput()
    )
    occupation = UsedCodeFilter(queryset=occupations_in_use, label=_("occupation"))
    region = UsedCodeFilter(queryset=regions_in_use, label=_("region"))
    cluster = filters.ModelChoiceFilter(
        queryset=Cluster.objects.none(),
        label=_("industry cluster"),
        widget=forms.HiddenInput(),
    )
    consortium = filters.ModelChoiceFilter(
        queryset=Consortium.objects.all(),
        label=_("consortium"),
        to_field_name="slug",
        widget=forms.HiddenInput(),
    )
    education = filters.ChoiceFilter(
        choices=Position.Education.choices, lookup_expr="lte", label=_("education at most")
    )
    pay = filters.NumberFilter(method="paid", label=_("monthly pay at least"))
    skill = filters.ModelChoiceFilter(field_name="skills", queryset=skills_in_use, label=_("skill"))
    employer = filters.ModelChoiceFilter(
        field_name="organisation",
        queryset=employers_in_use,
        label=_("employer"),
        widget=forms.HiddenInput(),
    )
    fresh = filters.ChoiceFilter(choices=FRESH, method="confirmed", label=_("freshness"))
    since = filters.DateFilter(
        field_name="published_at__date",
        lookup_expr="gte",
        label=_("published since"),
        widget=forms.HiddenInput(),
    )

    class Meta:
        model = Position
        fields = "q kind occupation region cluster consortium education pay skill".split()

    def __init__(self, *args: Any, within: Consortium | None = None, **kwargs: Any) -> None:
        """Within one consortium it offers that one's clusters, and across all the consortia."""
        super().__init__(*args, **kwargs)
        match = self.request.resolver_match if self.request else None
        consortium = within or (match and match.kwargs.get("consortium"))
        if consortium:
            del self.filters["consortium"]
            self.filters["cluster"].queryset = Cluster.objects.filter(consortium=consortium)
        else:
            del self.filters["cluster"]

    def search(self, rows: QuerySet[Position], name: str, value: str) -> QuerySet[Position]:
        return rows.filter(pk__in=matching(Position, value))

    def paid(self, rows: QuerySet[Position], name: str, value: int) -> QuerySet[Position]:
        return rows.filter(Q(pay_high__gte=value) | Q(pay_high=None, pay_low__gte=value))

    def confirmed(self, rows: QuerySet[Position], name: str, value: str) -> QuerySet[Position]:
        if value == "yes":
            return rows.filter(lowered_on=None)
        since: date = clock.today() - timedelta(days=int(value))
        return rows.filter(confirmed_on__gte=since)
