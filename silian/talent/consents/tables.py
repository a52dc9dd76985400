"""Who saw my data: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.kernel.ui.listing import DateColumn, Table
from silian.kernel.ui.widgets import DayInput
from silian.talent.consents.models import View


class ViewTable(Table):
    at = DateColumn()
    by = tables.Column(accessor="by__name", verbose_name=_("who"))
    organisation = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("for whom")
    )
    seen = tables.Column(order_by="what", verbose_name=_("what was seen"))
    as_file = tables.Column()

    class Meta:
        model = View
        fields = ["at", "by", "organisation", "seen", "as_file"]
        sequence = fields

    def render_as_file(self, value: bool) -> str:
        return gettext("yes") if value else ""

    value_as_file = render_as_file


class ViewFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or organisation"))
    organisation = filters.ModelChoiceFilter(
        queryset=Organisation.objects.none(), label=_("for whom")
    )
    what = filters.ChoiceFilter(label=_("what was seen"))
    since = filters.DateFilter(
        field_name="at__date", lookup_expr="gte", label=_("from"), widget=DayInput()
    )

    class Meta:
        model = View
        fields = ["q", "organisation", "what", "since"]

    def __init__(self, data: Any, queryset: QuerySet[View], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        sides = queryset.order_by().values("organisation")
        self.filters["organisation"].queryset = Organisation.objects.filter(pk__in=sides)
        seen = queryset.order_by("what").values_list("what", flat=True).distinct()
        self.filters["what"].extra["choices"] = [(what, gettext(what)) for what in seen]

    def search(self, rows: QuerySet[View], name: str, value: str) -> QuerySet[View]:
        side = Q(organisation__name_zh__icontains=value)
        return rows.filter(side | Q(by__name__icontains=value))
