"""The count of a year by session, and by name for whoever may read names."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.completions.models import Completion
from silian.education.courses.terms import Payer
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, Table


class YearTable(Table):
    title = LinkColumn(accessor="session__title", to=lambda row: row.url, verbose_name=_("session"))
    organiser = tables.Column(accessor="session__course__offered_by", verbose_name=_("organiser"))
    occupation = tables.Column(
        accessor="session__course__occupation__name", verbose_name=_("occupation")
    )
    level = tables.Column(
        accessor="session__course__get_level_display", verbose_name=_("skill level")
    )
    starts_on = DateColumn(accessor="session__starts_on", verbose_name=_("first day"))
    people = NumberColumn(verbose_name=_("people"))
    hours = NumberColumn(verbose_name=_("hours of all"))
    person = NumberColumn(accessor="paid__person", verbose_name=_("paid by the learner"))
    member = NumberColumn(accessor="paid__member", verbose_name=_("paid by a member"))
    other = NumberColumn(accessor="paid__other", verbose_name=_("paid by another organisation"))
    government = NumberColumn(accessor="paid__government", verbose_name=_("paid by the government"))


class PeopleTable(Table):
    name = tables.Column(
        accessor="enrolment__person__name",
        order_by="enrolment__person__name",
        verbose_name=_("full name"),
    )
    course = LinkColumn(
        accessor="enrolment__session__title",
        order_by="enrolment__session__course__title_zh",
        to=lambda row: row.enrolment.get_absolute_url(),
        verbose_name=_("session"),
    )
    organisation = tables.Column(
        accessor="enrolment__organisation__name", orderable=False, verbose_name=_("enrolled by")
    )
    payer = tables.Column(
        accessor="enrolment__get_payer_display", orderable=False, verbose_name=_("who pays")
    )
    hours = NumberColumn()
    completed_on = DateColumn()

    class Meta:
        model = Completion
        fields = "name course organisation payer hours completed_on".split()
        sequence = fields


class PeopleFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or course"))
    year = filters.NumberFilter(field_name="completed_on", lookup_expr="year", label=_("year"))
    payer = filters.ChoiceFilter(
        field_name="enrolment__payer", choices=Payer.choices, label=_("who pays")
    )

    class Meta:
        model = Completion
        fields = "q year payer".split()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        course = Q(enrolment__session__course__title_zh__icontains=value)
        course |= Q(enrolment__session__course__title_en__icontains=value)
        return rows.filter(course | Q(enrolment__person__name__icontains=value))
