"""Plans, results and appraisals of all bodies of a consortium, or of one: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.governance.appraisals.models import Year
from silian.governance.bodykinds.models import Kind
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class GradeColumn(tables.Column):
    """The grade, coloured by whether it failed."""

    def render(self, value: Any, record: Year) -> Any:
        return badge(value, record.colour)

    def value(self, value: Any) -> str:
        return str(value)


class BodyYearsTable(Table):
    """The years of one body."""

    year = LinkColumn(order_by="year")
    state = StateColumn()
    planned_at = DateColumn()
    reported_at = DateColumn()
    grade = GradeColumn(accessor="grade__name", order_by="grade", verbose_name=_("appraisal grade"))
    score = NumberColumn()

    class Meta:
        model = Year
        fields = "year state planned_at reported_at grade score".split()
        sequence = fields


class YearTable(BodyYearsTable):
    """The years of many bodies."""

    body = LinkColumn(accessor="body__name", order_by="body__name_zh", verbose_name=_("body"))
    kind = tables.Column(accessor="body__kind__name", order_by="body__kind", verbose_name=_("kind"))
    host = tables.Column(
        accessor="body__host__name", order_by="body__host__name_zh", verbose_name=_("host")
    )
    year = tables.Column()

    class Meta:
        model = Year
        fields = "body year kind host state reported_at grade score".split()
        sequence = fields
        exclude = ["planned_at"]


def kinds_in_use(request: HttpRequest) -> QuerySet[Kind]:
    match = request.resolver_match
    return Kind.objects.for_consortium(match.kwargs["consortium"] if match else None)  # type: ignore[arg-type]


class YearFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Body or host"))
    year = filters.NumberFilter(label=_("year"))
    kind = filters.ModelChoiceFilter(
        field_name="body__kind", queryset=kinds_in_use, to_field_name="code", label=_("kind")
    )
    state = filters.ChoiceFilter(choices=Year.State.choices)
    failed = filters.ChoiceFilter(
        field_name="grade__failing",
        choices=[("True", _("grade failed")), ("False", _("grade passed"))],
        label=_("appraisal"),
    )

    class Meta:
        model = Year
        fields = "q year kind state failed".split()

    def search(self, rows: QuerySet[Year], name: str, value: str) -> QuerySet[Year]:
        names = "body__name_zh body__name_en body__host__name_zh body__host__name_en".split()
        parts: list[Any] = [(f"{column}__icontains", value.strip()) for column in names]
        return rows.filter(Q(*parts, _connector=Q.OR))
