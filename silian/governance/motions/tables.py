"""The register of motions, and the votes by correspondence."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Matter, Organ
from silian.governance.motions.models import Motion
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class MotionTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("motion"))
    place = tables.Column(
        accessor="item__meeting__title",
        order_by="item__meeting__starts_at",
        default=_("By correspondence"),
        verbose_name=_("meeting"),
    )
    matter = tables.Column()
    in_favour = NumberColumn()
    against = NumberColumn()
    abstaining = NumberColumn()
    decided_at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Motion
        fields = "title place matter in_favour against abstaining decided_at state".split()
        sequence = fields

    def render_title(self, record: Motion, value: str) -> Any:
        return self.columns["title"].column.render(named(record), record)

    def value_title(self, record: Motion) -> str:
        return named(record)


def named(motion: Motion) -> str:
    """An amendment says so in front of its title."""
    if motion.amends_id:
        return _("Amendment: %(title)s") % {"title": motion.title}
    return motion.title


class MotionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title or text"))
    state = filters.ChoiceFilter(choices=Motion.State.choices)
    organ = filters.ChoiceFilter(choices=Organ.choices)
    matter = filters.ChoiceFilter(choices=Matter.choices)
    kind = filters.ChoiceFilter(
        choices=[("meeting", _("In a meeting")), ("letter", _("By correspondence"))],
        method="of_kind",
        label=_("how"),
    )

    class Meta:
        model = Motion
        fields = ["q", "state", "organ", "matter", "kind"]

    def of_kind(self, rows: QuerySet[Motion], name: str, value: str) -> QuerySet[Motion]:
        return rows.filter(item__isnull=value == "letter")

    def search(self, rows: QuerySet[Motion], name: str, value: str) -> QuerySet[Motion]:
        columns = ["title_zh", "title_en", "text_zh", "text_en"]
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))
