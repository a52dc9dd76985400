"""Cohorts side by side: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.kernel.ui.listing import LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.cohorts.models import Cohort


class ComparisonTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("cohort"))
    kind = tables.Column()
    year = tables.Column(accessor="starts_on", verbose_name=_("year it starts"))
    quota = NumberColumn()
    applied = NumberColumn(verbose_name=_("applications"))
    placed = NumberColumn(verbose_name=_("places taken"))
    completed = NumberColumn(verbose_name=_("completed"))
    gone = NumberColumn(verbose_name=_("people who left"))
    here = NumberColumn(verbose_name=_("employed here"))
    share = NumberColumn(accessor="pk", orderable=False, verbose_name=_("of them, %"))
    certificates = NumberColumn(verbose_name=_("certificates"))
    state = StateColumn()

    class Meta:
        model = Cohort
        fields = """title kind year quota applied placed completed gone here share certificates
            state""".split()
        sequence = fields

    def render_year(self, record: Cohort) -> str:
        return str(record.starts_on.year)

    value_year = render_year

    def render_share(self, record: Any) -> str:
        return f"{round(100 * record.here / record.completed)}" if record.completed else "—"

    value_share = render_share


class ComparisonFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Cohort.Kind.choices)
    school = filters.ModelChoiceFilter(queryset=Organisation.objects.none(), label=_("school"))
    year = filters.ChoiceFilter(
        field_name="starts_on", lookup_expr="year", label=_("year it starts")
    )

    class Meta:
        model = Cohort
        fields = "kind school year".split()

    def __init__(self, data: Any, queryset: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        facts = list(queryset.order_by().values_list("school", "starts_on"))
        schools = {school for school, _day in facts}
        self.filters["school"].queryset = Organisation.objects.filter(pk__in=schools)
        years = sorted({day.year for _school, day in facts}, reverse=True)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in years]
