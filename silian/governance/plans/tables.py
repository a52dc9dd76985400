"""The targets of one year, as a list."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from silian.governance.plans.models import Target
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table


class TargetTable(Table):
    name = LinkColumn(order_by="name_zh", verbose_name=_("target"))
    task = tables.Column(
        accessor="task__title", order_by="task__number", verbose_name=_("key task")
    )
    low = NumberColumn()
    high = NumberColumn()
    reached = NumberColumn()
    progress = tables.Column(
        accessor="reached",
        orderable=False,
        exclude_from_export=True,
        verbose_name=_("progress"),
    )

    class Meta:
        model = Target
        fields = ["name", "task", "low", "high", "reached", "progress"]
        sequence = fields

    def render_progress(self, record: Target) -> str:
        return render_to_string("plans/progress.html", {"target": record})
