"""What is owed for the places of a session: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.courses.terms import Payer
from silian.education.enrolments.models import Enrolment
from silian.kernel.ui.listing import LinkColumn, MoneyColumn, StateColumn, Table, TickColumn


class FeeTable(Table):
    name = LinkColumn(accessor="person__name", order_by="person__name", verbose_name=_("full name"))
    organisation = tables.Column(accessor="organisation__name", order_by="organisation__name_zh")
    payer = tables.Column()
    owes = MoneyColumn(verbose_name=_("due"))
    paid = MoneyColumn(verbose_name=_("paid"))
    open = MoneyColumn(verbose_name=_("still open"))
    state = StateColumn()

    class Meta:
        model = Enrolment
        fields = "name organisation payer owes paid open state".split()
        sequence = fields


class EntryTable(FeeTable):
    """The same for who enters payments."""

    tick = TickColumn("enrolment")

    class Meta(FeeTable.Meta):
        sequence = "tick name organisation payer owes paid open state".split()


class FeeFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or organisation"))
    payer = filters.ChoiceFilter(choices=Payer.choices)
    settled = filters.ChoiceFilter(
        method="by_open",
        label=_("settled or open"),
        choices=[("no", _("Open")), ("yes", _("Settled"))],
    )

    class Meta:
        model = Enrolment
        fields = "q payer settled".split()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        by_name = Q(person__name__icontains=value)
        firm = Q(organisation__name_zh__icontains=value) | Q(organisation__name_en__icontains=value)
        return rows.filter(by_name | firm)

    def by_open(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(open=0) if value == "yes" else rows.exclude(open=0)
