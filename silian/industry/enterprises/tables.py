"""The register: columns, filters and facets."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.kernel.bilingual import in_reading_language
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.search.services import matching
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table

SHOWN = 10  # values of a facet, the most frequent first
YES_OR_NO = [("True", _("Yes")), ("False", _("No"))]


class EnterpriseTable(Table):
    name = LinkColumn(order_by="name_zh", verbose_name=_("name"))
    credit_code = tables.Column()
    region = tables.Column(accessor="region__name", order_by="region__code")
    industry = tables.Column(accessor="industry__name", order_by="industry__code")
    scale = tables.Column()
    staff_count = NumberColumn()
    park = tables.Column(
        accessor="enterprise_profile__park__name", orderable=False, verbose_name=_("park")
    )
    products = tables.Column(
        accessor="enterprise_profile__products", orderable=False, verbose_name=_("products")
    )

    class Meta:
        model = Organisation
        fields = "name credit_code region industry scale staff_count park products".split()
        sequence = fields


class EnterpriseFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    region = CodeFilter(kind="region", label=_("region"))
    industry = CodeFilter(kind="industry", label=_("industry"))
    scale = filters.ChoiceFilter(choices=Organisation.Scale.choices)
    above_scale = filters.ChoiceFilter(choices=YES_OR_NO)
    integration = filters.ChoiceFilter(choices=Organisation.Integration.choices)
    park = filters.ModelChoiceFilter(
        field_name="enterprise_profile__park",
        queryset=Organisation.objects.filter(kind=Organisation.Kind.PARK),
        label=_("park"),
    )
    managed = filters.ChoiceFilter(
        choices=YES_OR_NO, method="by_managed", label=_("kept by the firm itself")
    )

    class Meta:
        model = Organisation
        fields = "q region industry scale above_scale integration park managed".split()

    def search(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """By name, code, place, trade or product, as the search over everything finds it."""
        return rows.filter(pk__in=matching(Organisation, value))

    def by_managed(
        self, rows: QuerySet[Organisation], name: str, value: str
    ) -> QuerySet[Organisation]:
        managers = Role.objects.running().filter(kind=Role.Kind.MANAGER).values("organisation")
        has_one = Q(pk__in=managers)
        return rows.filter(has_one if value == "True" else ~has_one)


@dataclass(frozen=True)
class Value:
    """One value of a facet: how many have it, and the address that shows only them."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class Facet:
    name: Any
    values: list[Value]


def facets(rows: QuerySet[Organisation], asked: QueryDict) -> tuple[list[Facet], int]:
    """Where the enterprises are and what they do, and how many they are: one pass over the rows."""
    columns = (Left("industry__code", 2), F("region__code"), F("scale"))
    names = ("division", "place", "size")
    grouped = rows.order_by().values(**dict(zip(names, columns, strict=True)))
    counted = list(grouped.annotate(firms=Count("pk")))
    by_division, by_region, by_scale = (_top(counted, name) for name in names)
    divisions = _names(CodeList.Kind.INDUSTRY, by_division)
    regions = _names(CodeList.Kind.REGION, by_region)
    scales = dict(Organisation.Scale.choices)
    found = [
        Facet(_("industry"), _values("industry", by_division, divisions, asked)),
        Facet(_("region"), _values("region", by_region, regions, asked)),
        Facet(_("scale"), _values("scale", by_scale, scales, asked)),
    ]
    telling = [facet for facet in found if len(facet.values) > 1]
    return telling, sum(row["firms"] for row in counted)


def _top(counted: Iterable[Mapping[str, Any]], name: str) -> dict[str, int]:
    """The most frequent values of one facet, of counts by all three at once."""
    sums: Counter[str] = Counter()
    for row in counted:
        if row[name]:
            sums[row[name]] += row["firms"]
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:SHOWN])


def _names(kind: str, codes: Any) -> dict[str, str]:
    rows = Code.objects.current(kind).filter(code__in=list(codes))
    names = rows.values_list("code", "name_zh", "name_en")
    return {code: in_reading_language(chinese, english) for code, chinese, english in names}


def _values(
    field: str, counts: dict[str, int], names: dict[str, Any], asked: QueryDict
) -> list[Value]:
    return [
        Value(str(names.get(value, value)), count, _address(asked, field, value))
        for value, count in counts.items()
    ]


def _address(asked: QueryDict, field: str, value: str) -> str:
    query = asked.copy()
    query.pop("page", None)
    query[field] = value
    return f"?{query.urlencode()}"
