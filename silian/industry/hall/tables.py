import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.ui import formats
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class HallTable(Table):
    """What everybody sees of one consortium's positions; on a phone each is a card."""

    title = LinkColumn(order_by="title_zh", verbose_name=_("position"))
    employer = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("employer")
    )
    kind = tables.Column()
    region = tables.Column(accessor="region__name", order_by="region__code")
    places = NumberColumn()
    pay = tables.Column(
        accessor="pay", order_by=("-pay_high", "-pay_low"), verbose_name=_("monthly pay")
    )
    education = tables.Column()
    starts_on = DateColumn()
    published_at = DateColumn()
    confirmed_on = DateColumn()

    class Meta:
        model = Position
        fields = [
            *"title employer kind region places pay education".split(),
            *"starts_on published_at confirmed_on".split(),
        ]
        sequence = fields

    def render_published_at(self, record: Position) -> str:
        return formats.day(record.published_at) if record.published_at else ""

    def render_confirmed_on(self, record: Position) -> str | SafeString:
        day = formats.day(record.confirmed_on) if record.confirmed_on else ""
        if not record.lowered_on:
            return day
        return format_html("{} {}", day, badge(_("Unconfirmed"), "orange"))

    def order_pay(self, rows: QuerySet[Position], descending: bool) -> tuple[QuerySet, bool]:  # type: ignore[type-arg]
        high = F("pay_high")
        order = high.desc(nulls_last=True) if descending else high.asc(nulls_last=True)
        return rows.order_by(order, "pk"), True


class EverywhereTable(HallTable):
    """The same across all consortia."""

    consortium = tables.Column(
        accessor="consortium__short_name",
        order_by="consortium__short_name_zh",
        verbose_name=_("consortium"),
    )

    class Meta(HallTable.Meta):
        sequence = [
            *"title employer consortium kind region places pay education".split(),
            *"starts_on published_at confirmed_on".split(),
        ]
