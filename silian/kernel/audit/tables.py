import json

import django_filters
import django_tables2 as tables
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel.audit.models import Entry
from silian.kernel.ui.listing import DateColumn, LinkColumn, Table
from silian.kernel.ui.widgets import DayInput


def _actions() -> list[tuple[str, str]]:
    """The actions that occur, in the reader's language."""
    found = [(action, gettext(action)) for action in Entry.objects.actions()]
    return sorted(found, key=lambda pair: pair[1])


def _kinds() -> list[tuple[str, str]]:
    """Our own models by the names that people know them by."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("silian.")]
    return sorted(((m._meta.label, str(m._meta.verbose_name)) for m in ours), key=lambda k: k[1])


class EntryTable(Table):
    at = DateColumn()
    by = tables.Column(default="—")
    action = LinkColumn(to=lambda entry: reverse("audit:entry_detail", args=[entry.pk]))
    kind = tables.Column(verbose_name=_("kind"), orderable=False)
    label = tables.Column()
    detail = tables.Column(empty_values=(), orderable=False)

    class Meta:
        model = Entry
        fields = ("at", "by", "action", "kind", "label", "detail")
        order_by = ()

    def render_action(self, record: Entry, column: LinkColumn) -> str:
        return column.render(record.act, record)

    def value_action(self, record: Entry) -> str:
        return record.act

    def render_detail(self, record: Entry) -> str:
        """The state it came to, and why, or else the beginning of what it tells."""
        moved = " → ".join(state for state in (record.was, record.to) if state)
        told = ". ".join(text for text in (moved, record.why) if text)
        facts = ", ".join(str(value) for _name, value in record.facts)
        return told or Truncator(facts).chars(60) or "—"

    def value_detail(self, record: Entry) -> str:
        return json.dumps(record.detail, ensure_ascii=False)


class EntryFilter(django_filters.FilterSet):
    q = django_filters.CharFilter("label", "icontains", label=_("Search by what it is called"))
    person = django_filters.CharFilter(method="by_person", label=_("By whom"))
    kind = django_filters.ChoiceFilter(method="of_kind", label=_("Kind"), choices=_kinds)
    action = django_filters.ChoiceFilter(label=_("Action"), choices=_actions)
    after = django_filters.DateFilter("at", "date__gte", label=_("From (day)"), widget=DayInput())
    before = django_filters.DateFilter("at", "date__lte", label=_("To (day)"), widget=DayInput())

    class Meta:
        model = Entry
        fields: list[str] = []

    def by_person(
        self, rows: models.QuerySet[Entry], name: str, value: str
    ) -> models.QuerySet[Entry]:
        return rows.filter(
            models.Q(by__name__icontains=value) | models.Q(by__username__iexact=value)
        )

    def of_kind(
        self, rows: models.QuerySet[Entry], name: str, value: str
    ) -> models.QuerySet[Entry]:
        return rows.filter(subject__startswith=f"{value}:")
