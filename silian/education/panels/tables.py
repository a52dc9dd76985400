"""Who takes a part, with the mark of the office."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.panels.marks import written
from silian.education.skillappraisals.models import Entry
from silian.kernel.ui.listing import Table


class MarkTable(Table):
    number = tables.Column()
    person = tables.Column(accessor="person__name", verbose_name=_("full name"))
    mark = tables.Column(empty_values=(), orderable=False, verbose_name=_("mark"))
    checked = tables.Column(empty_values=(), orderable=False, verbose_name=_("checked by"))

    class Meta:
        model = Entry
        fields = "number person mark checked".split()
        sequence = fields

    def render_number(self, record: Entry) -> SafeString:
        return format_html('<a href="{}/">{}</a>', record.pk, record.number)

    def value_number(self, record: Entry) -> str:
        return record.number

    def render_mark(self, record: Any) -> str:
        return written(record.marks[0]) if record.marks else "—"

    def render_checked(self, record: Any) -> str:
        if not record.marks:
            return ""
        return str(record.marks[0].checked_by or gettext("waits for a second person"))


class MarkFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or number"))

    class Meta:
        model = Entry
        fields = ["q"]

    def search(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return rows.filter(Q(number__startswith=value) | Q(person__name__icontains=value))
