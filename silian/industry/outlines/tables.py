import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.industry.outlines.models import Template
from silian.kernel.ui.listing import (
    DateColumn,
    LinkColumn,
    NumberColumn,
    StateColumn,
    Table,
    TickColumn,
)


class PastTable(Table):
    """What could be stated again, all of it chosen."""

    tick = TickColumn("position", ticked=True)
    title = LinkColumn(order_by="title_zh", verbose_name=_("position"))
    kind = tables.Column()
    places = NumberColumn()
    starts_on = DateColumn()
    ends_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Position
        fields = "tick title kind places starts_on ends_on state".split()


class TemplateTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("position template"))
    kind = tables.Column()
    occupation = tables.Column(accessor="occupation__name", order_by="occupation__code")
    whose = tables.Column(
        accessor="organisation__name",
        order_by="organisation__name_zh",
        verbose_name=_("kept by"),
        default=_("Sample of the consortium"),
    )

    class Meta:
        model = Template
        fields = "title kind occupation whose".split()
