"""The cohorts of a consortium: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.cohorts.models import Cohort


class CohortTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("cohort"))
    kind = tables.Column()
    school = tables.Column(accessor="school__name", order_by="school__name_zh")
    enterprise = tables.Column(accessor="enterprise__name", order_by="enterprise__name_zh")
    quota = NumberColumn()
    placed = NumberColumn(verbose_name=_("places taken"))
    starts_on = DateColumn()
    ends_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Cohort
        fields = "title kind school enterprise quota placed starts_on ends_on state".split()
        sequence = fields


class CohortFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Cohort, school or enterprise"))
    kind = filters.ChoiceFilter(choices=Cohort.Kind.choices)
    state = filters.ChoiceFilter(choices=Cohort.State.choices)
    school = filters.ModelChoiceFilter(queryset=Organisation.objects.none(), label=_("school"))
    year = filters.ChoiceFilter(
        field_name="starts_on", lookup_expr="year", label=_("year it starts")
    )

    class Meta:
        model = Cohort
        fields = "q kind state school year".split()

    def __init__(self, data: Any, queryset: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        rows = queryset.order_by()
        self.filters["school"].queryset = Organisation.objects.filter(pk__in=rows.values("school"))
        years = sorted({day.year for day in rows.values_list("starts_on", flat=True)})
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in reversed(years)]

    def search(self, rows: QuerySet[Cohort], name: str, value: str) -> QuerySet[Cohort]:
        found = Q(class_name__icontains=value)
        for path in ("title", "school__name", "enterprise__name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        return rows.filter(found)
