"""The meetings of a consortium: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Organ
from silian.governance.meetings.models import Meeting
from silian.kernel import clock
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table

BODIES = "bodies"  # beside the organs: whatever body


class MeetingTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("meeting"))
    convener = tables.Column(order_by=("organ", "body"), verbose_name=_("organ or body"))
    starts_at = DateColumn()
    place = tables.Column(order_by="place_zh", verbose_name=_("place"))
    form = tables.Column()
    state = StateColumn()

    class Meta:
        model = Meeting
        fields = ["title", "convener", "starts_at", "place", "form", "state"]
        sequence = fields


class MeetingFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title or place"))
    when = filters.ChoiceFilter(
        choices=[("ahead", _("Coming up")), ("past", _("Past"))], method="at", label=_("when")
    )
    of = filters.ChoiceFilter(
        choices=[*Organ.choices, (BODIES, _("Bodies"))], method="held_by", label=_("organ")
    )
    state = filters.ChoiceFilter(choices=Meeting.State.choices)
    form = filters.ChoiceFilter(choices=Meeting.Form.choices)

    class Meta:
        model = Meeting
        fields = ["q", "when", "of", "state", "form"]

    def search(self, rows: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:
        columns = "title_zh title_en place_zh place_en".split()
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))

    def at(self, rows: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:
        if value == "ahead":
            return rows.filter(ends_at__gte=clock.now()).order_by("starts_at", "pk")
        return rows.filter(ends_at__lt=clock.now())

    def held_by(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.exclude(body=None) if value == BODIES else rows.filter(organ=value)
