"""The targets of one year, as a list."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.plans.models import Target
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table


class TargetTable(Table):
    name = LinkColumn(order_by="name_zh", verbose_name=gettext_lazy("target"))
    task = tables.Column(accessor="task__title", order_by="task__number")
    low = NumberColumn()
    high = NumberColumn()
    reached = NumberColumn()
    progress = tables.Column(
        accessor="reached",
        orderable=False,
        exclude_from_export=True,
        verbose_name=gettext_lazy("progress"),
    )

    class Meta:
        model = Target
        fields = ["name", "task", "low", "high", "reached", "progress"]
        sequence = fields

    def render_progress(self, record: Target) -> SafeString:
        label = _("%(reached)s of %(low)s") % {"reached": record.reached, "low": record.low}
        return format_html(
            '<progress class="progress" value="{}" max="{}" aria-label="{}"></progress>',
            min(record.reached, record.low),
            record.low or 1,
            label,
        )
