"""Every mark of an exam, sheet by sheet."""

from collections.abc import Iterable, Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.judging.models import Mark
from silian.education.practicals.models import Panellist, Station
from silian.education.scoresheets.console import Line
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


def results_table(stations: Sequence[Station], lines: Iterable[Line]) -> Table:
    """A row a candidate, a column a station: for the file that the office keeps."""
    before = [
        ("draw", tables.Column(verbose_name=gettext("number drawn"))),
        ("number", tables.Column(verbose_name=gettext("ticket number"))),
    ]
    columns = [(f"s{one.pk}", tables.Column(verbose_name=one.name)) for one in stations]
    after = [
        ("total", tables.Column(verbose_name=gettext("total"))),
        ("failed", tables.Column(verbose_name=gettext("critical point failed"))),
        ("absent", tables.Column(verbose_name=gettext("Did not come"))),
    ]
    rows = [_row_of(line, stations) for line in lines]
    return Table(rows, extra_columns=[*before, *columns, *after])


def _row_of(line: Line, stations: Sequence[Station]) -> dict[str, Any]:
    words = {True: gettext("Yes"), False: gettext("No")}
    parts = {
        f"s{station.pk}": part.points if part else None
        for station, part in zip(stations, line.parts, strict=True)
    }
    return parts | {
        "draw": line.entrant.draw,
        "number": line.entrant.number,
        "total": line.score.points,
        "failed": words[line.score.failed],
        "absent": words[line.score.absent],
    }
