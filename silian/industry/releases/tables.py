"""The releases of a consortium, and the lines of one."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.industry.releases.models import Line, Release
from silian.industry.releases.papers import pay_of
from silian.kernel.ui import formats
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class ReleaseTable(Table):
    year = LinkColumn()
    version = NumberColumn()
    places = NumberColumn(verbose_name=_("head count"))
    firms = NumberColumn()
    positions = NumberColumn()
    published_at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Release
        fields = "year version places firms positions published_at state".split()


class LineTable(Table):
    occupation = tables.Column(accessor="occupation__name", order_by="occupation__code")
    places = NumberColumn()
    before = NumberColumn(verbose_name=_("The year before"))
    change = NumberColumn(verbose_name=_("more than the year before"))
    firms = NumberColumn()
    pay_median = NumberColumn(verbose_name=_("monthly pay: quartiles"), empty_values=())
    remark = tables.Column(verbose_name=_("remark"))

    class Meta:
        model = Line
        fields = "occupation places before change firms pay_median remark".split()

    def render_pay_median(self, record: Line) -> str:
        return pay_of(record)

    value_pay_median = render_pay_median

    def render_change(self, value: int) -> str:
        return f"+{formats.number(value)}" if value > 0 else formats.number(value)


class DraftLineTable(LineTable):
    """Each line leads to the form that changes it."""

    occupation = LinkColumn(
        accessor="occupation__name",
        order_by="occupation__code",
        to=lambda line: f"lines/{line.pk}/",
    )

    class Meta:
        model = Line
        fields = LineTable.Meta.fields


class LineFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Occupation or its code"))

    class Meta:
        model = Line
        fields = ["q"]

    def search(self, rows: QuerySet[Line], name: str, value: str) -> QuerySet[Line]:
        named = Q(occupation__name_zh__icontains=value) | Q(occupation__name_en__icontains=value)
        return rows.filter(named | Q(occupation__code__startswith=value))
