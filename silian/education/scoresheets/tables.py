"""Every mark of an exam, sheet by sheet."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.judging.models import Mark
from silian.education.practicals.models import Panellist, Station
from silian.kernel.ui.listing import DateColumn, NumberColumn, Table


class MarkTable(Table):
    draw = NumberColumn(accessor="sheet__turn__entrant__draw", verbose_name=_("number drawn"))
    number = tables.Column(accessor="sheet__turn__entrant__number", verbose_name=_("ticket number"))
    station = tables.Column(
        accessor="criterion__station",
        order_by="criterion__station__order",
        verbose_name=_("station"),
    )
    examiner = tables.Column(
        accessor="sheet__panellist__examiner",
        order_by="sheet__panellist__examiner__user__name",
        verbose_name=_("examiner"),
    )
    criterion = tables.Column(order_by="criterion__order", verbose_name=_("criterion"))
    response = tables.Column(orderable=False, verbose_name=_("what was entered"))
    points = NumberColumn()
    passed = tables.BooleanColumn(verbose_name=_("done or within tolerance"), null=True)
    signed_at = DateColumn(accessor="sheet__signed_at", verbose_name=_("signed"))

    class Meta:
        model = Mark
        fields = "draw number station examiner criterion response points passed signed_at".split()
        sequence = fields


class MarkFilter(filters.FilterSet):
    q = filters.CharFilter(
        field_name="sheet__turn__entrant__number", lookup_expr="icontains", label=_("ticket number")
    )
    station = filters.ModelChoiceFilter(
        field_name="criterion__station", queryset=Station.objects.none(), label=_("station")
    )
    examiner = filters.ModelChoiceFilter(
        field_name="sheet__panellist", queryset=Panellist.objects.none(), label=_("examiner")
    )

    class Meta:
        model = Mark
        fields = "q station examiner".split()

    def __init__(self, data: object, queryset: QuerySet[Mark], **kwargs: object) -> None:
        super().__init__(data, queryset, **kwargs)
        rows = queryset.order_by()
        self.filters["station"].queryset = Station.objects.filter(
            pk__in=rows.values("criterion__station")
        )
        self.filters["examiner"].queryset = Panellist.objects.filter(
            pk__in=rows.values("sheet__panellist")
        ).select_related("station", "examiner__user")
