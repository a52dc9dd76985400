"""Programmes with their latest comparison, and the skills of one."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.education.gaps.models import Line
from silian.education.gaps.policy import visible_programmes
from silian.education.programmes.models import Programme
from silian.governance.members.models import Organisation
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class ProgrammeTable(Table):
    name = tables.Column(
        order_by="name_zh", verbose_name=_("programme"), attrs={"td": {"class": "silian-name"}}
    )
    school = tables.Column(accessor="school__name", order_by="school__name_zh")
    level = tables.Column()
    index = NumberColumn(verbose_name=_("coverage"))
    missing = NumberColumn(verbose_name=_("missing"))
    thin = NumberColumn(verbose_name=_("thin"))
    covered = NumberColumn(verbose_name=_("covered"))
    surplus = NumberColumn(verbose_name=_("surplus"))
    computed = DateColumn(verbose_name=_("computed"))

    class Meta:
        model = Programme
        fields = "name school level index missing thin covered surplus computed".split()
        sequence = fields

    def render_name(self, record: Programme) -> SafeString:
        consortium = self.request.resolver_match.kwargs["consortium"]
        url = reverse("gaps:programme_gap", args=[consortium, record.pk])
        return format_html('<a href="{}">{}</a>', url, record.name)

    def value_name(self, record: Programme) -> str:
        return record.name

    def render_index(self, value: float) -> str:
        return percent(value)


def schools(request: HttpRequest) -> QuerySet[Organisation]:
    """Those whose programmes the reader sees."""
    consortium = request.resolver_match.kwargs["consortium"]  # type: ignore[union-attr]
    seen = visible_programmes(request.user, consortium)
    return Organisation.objects.filter(pk__in=seen.values("school"))


class ProgrammeFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Programme"))
    school = filters.ModelChoiceFilter(queryset=schools)
    level = filters.ChoiceFilter(choices=Programme.Level.choices)

    class Meta:
        model = Programme
        fields = ["q", "school", "level"]

    def search(self, rows: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        return rows.filter(Q(name_zh__icontains=value) | Q(name_en__icontains=value))


class LineTable(Table):
    name = LinkColumn(order_by="name_zh", verbose_name=_("skill"))
    outcome = tables.Column()
    heads = NumberColumn()
    postings = NumberColumn()
    asked_level = tables.Column()
    taught_level = tables.Column()
    hours = NumberColumn()
    request = tables.Column(empty_values=(), orderable=False, verbose_name=_("change request"))

    class Meta:
        model = Line
        fields = "name outcome heads postings asked_level taught_level hours request".split()
        sequence = fields

    def render_outcome(self, record: Line) -> SafeString:
        return badge(record.get_outcome_display(), record.colour)

    def value_outcome(self, record: Line) -> str:
        return str(record.get_outcome_display())

    def render_request(self, record: Line) -> Any:
        if record.request is None:
            return ""
        url, state = record.request.get_absolute_url(), record.request.get_state_display()
        return format_html('<a href="{}">{}</a>', url, state)

    def value_request(self, record: Line) -> str:
        return record.request.get_state_display() if record.request else ""


class LineFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Skill"))
    outcome = filters.ChoiceFilter(choices=Line.Outcome.choices)

    class Meta:
        model = Line
        fields = ["q", "outcome"]

    def search(self, rows: QuerySet[Line], name: str, value: str) -> QuerySet[Line]:
        return rows.filter(Q(name_zh__icontains=value) | Q(name_en__icontains=value))


def percent(part: float) -> str:
    return f"{part:.0%}"
