"""The people of a session: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.courses.terms import Payer
from silian.education.enrolments.models import Enrolment
from silian.kernel.ui.listing import DateColumn, LinkColumn, MoneyColumn, StateColumn, Table


class LearnerTable(Table):
    name = LinkColumn(accessor="person__name", order_by="person__name", verbose_name=_("full name"))
    number = tables.Column(
        accessor="person__id_masked", orderable=False, verbose_name=_("identity number")
    )
    organisation = tables.Column(accessor="organisation__name", order_by="organisation__name_zh")
    payer = tables.Column()
    queued_at = DateColumn()
    due = MoneyColumn(orderable=False, verbose_name=_("due"))
    state = StateColumn()

    class Meta:
        model = Enrolment
        fields = "name number organisation payer queued_at due state".split()
        sequence = fields


class LearnerFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or organisation"))
    state = filters.ChoiceFilter(choices=Enrolment.State.choices)
    payer = filters.ChoiceFilter(choices=Payer.choices)

    class Meta:
        model = Enrolment
        fields = "q state payer".split()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        by_name = Q(person__name__icontains=value)
        firm = Q(organisation__name_zh__icontains=value) | Q(organisation__name_en__icontains=value)
        return rows.filter(by_name | firm)
