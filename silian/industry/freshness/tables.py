import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, Table, TickColumn
from silian.kernel.ui.templatetags.ui import badge


class ConfirmationTable(Table):
    """What could be confirmed, all of it ticked: whoever agrees presses once."""

    tick = TickColumn("position", ticked=True)
    title = LinkColumn(order_by="title_zh", verbose_name=_("position"))
    kind = tables.Column()
    places = NumberColumn()
    starts_on = DateColumn()
    confirmed_on = DateColumn()
    standing = tables.Column(
        accessor="pk", order_by=("lowered_on", "asked_on"), verbose_name=_("freshness")
    )

    class Meta:
        model = Position
        fields = "tick title kind places starts_on confirmed_on standing".split()

    def render_standing(self, record: Position) -> SafeString | str:
        if record.lowered_on:
            return badge(_("Unconfirmed"), "orange")
        return badge(_("Asked again"), "yellow") if record.asked_on else ""

    def value_standing(self, record: Position) -> str:
        if record.lowered_on:
            return str(_("Unconfirmed"))
        return str(_("Asked again")) if record.asked_on else ""
