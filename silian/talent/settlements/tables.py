"""Settlements and their lines: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.settlements.models import Line, Settlement


class SettlementTable(Table):
    cohort = LinkColumn(
        accessor="cohort__title", order_by="cohort__title_zh", verbose_name=_("cohort")
    )
    time = tables.Column(order_by=("year", "quarter"), verbose_name=_("time"))
    version = NumberColumn()
    due_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Settlement
        fields = "cohort time version due_on state".split()
        sequence = fields


class SettlementFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Settlement.State.choices)
    late = filters.ChoiceFilter(
        method="overdue", label=_("in time"), choices=[("overdue", _("Overdue"))]
    )

    class Meta:
        model = Settlement
        fields = ["state", "late"]

    def overdue(self, rows: QuerySet[Settlement], name: str, value: str) -> QuerySet[Settlement]:
        late = Settlement.objects.overdue()
        return rows.filter(pk__in=late.values("pk"))


class LineTable(Table):
    """For taking along."""

    what = tables.Column(
        accessor="promise__get_measure_display", orderable=False, verbose_name=_("what is promised")
    )
    giver = tables.Column(
        accessor="promise__giver__name", orderable=False, verbose_name=_("promised by")
    )
    promised = NumberColumn(orderable=False)
    actual = NumberColumn(orderable=False)
    difference = NumberColumn(orderable=False, verbose_name=_("difference"))
    note = tables.Column(orderable=False)

    class Meta:
        model = Line
        fields = "what giver promised actual difference note".split()
        sequence = fields
