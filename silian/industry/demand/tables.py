"""Positions for those who look after them: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Cluster
from silian.industry.demand.models import Position
from silian.kernel.search.services import matching
from silian.kernel.ui import listing
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, TickColumn
from silian.kernel.ui.templatetags.ui import badge


class DeskTable(listing.Table):
    """Ours, in every state."""

    title = LinkColumn(order_by="title_zh", verbose_name=_("position"))
    employer = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("employer")
    )
    kind = tables.Column()
    places = NumberColumn()
    region = tables.Column(accessor="region__name", order_by="region__code")
    starts_on = DateColumn()
    state = StateColumn()
    confirmed_on = DateColumn()

    class Meta:
        model = Position
        fields = "title employer kind places region starts_on state confirmed_on".split()

    def render_state(self, record: Position) -> SafeString:
        """With what waits beside it."""
        shown = StateColumn().render(record)
        if record.lowered_on or record.asked_on:
            told = _("Unconfirmed") if record.lowered_on else _("Asked again")
            return format_html("{} {}", shown, badge(told, "orange"))
        return shown


class ReviewTable(DeskTable):
    """What waits for the secretariat, to be chosen from."""

    tick = TickColumn("position")
    pay = tables.Column(accessor="pay", order_by="pay_low", verbose_name=_("monthly pay"))

    class Meta(DeskTable.Meta):
        sequence = "tick title employer kind places pay region starts_on state confirmed_on".split()


class DeskFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Position, employer, duty or skill"))
    state = filters.ChoiceFilter(choices=Position.State.choices)
    kind = filters.ChoiceFilter(choices=Position.Kind.choices)
    cluster = filters.ModelChoiceFilter(
        queryset=Cluster.objects.none(), label=_("industry cluster")
    )

    class Meta:
        model = Position
        fields = ["q", "state", "kind", "cluster"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        consortium = self.request.resolver_match.kwargs["consortium"]
        self.filters["cluster"].queryset = Cluster.objects.filter(consortium=consortium)

    def search(self, rows: QuerySet[Position], name: str, value: str) -> QuerySet[Position]:
        return rows.filter(pk__in=matching(Position, value))
