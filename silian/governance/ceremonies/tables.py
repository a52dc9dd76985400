"""The ceremonies of a consortium."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from silian.governance.ceremonies.models import Ceremony
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class CeremonyTable(Table):
    item = LinkColumn(order_by="item__title_zh", verbose_name=_("ceremony"))
    meeting = tables.Column(
        accessor="item__meeting__title",
        order_by="item__meeting__title_zh",
        verbose_name=_("meeting"),
    )
    when = DateColumn(accessor="item__meeting__starts_at", verbose_name=_("when"))
    agreements = NumberColumn(empty_values=(), orderable=False, verbose_name=_("agreements"))
    state = StateColumn()

    class Meta:
        model = Ceremony
        fields = ["item", "meeting", "when", "agreements", "state"]
        sequence = fields

    def render_agreements(self, record: Ceremony) -> int:
        return len(record.turns.all())
