"""Appraisals and entries: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.schemes.levels import SkillLevel
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class AppraisalTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("skill level appraisal"))
    occupation = tables.Column(accessor="occupation__name", order_by="occupation__name_zh")
    level = tables.Column(
        accessor="get_level_display", order_by="level", verbose_name=_("skill level")
    )
    organiser = tables.Column(accessor="organiser__name", order_by="organiser__name_zh")
    entries_until = DateColumn()
    exam_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Appraisal
        fields = "title occupation level organiser entries_until exam_on state".split()
        sequence = fields


class AppraisalFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title or plan number"))
    level = filters.ChoiceFilter(choices=SkillLevel.choices)
    state = filters.ChoiceFilter(choices=Appraisal.State.choices)

    class Meta:
        model = Appraisal
        fields = "q level state".split()

    def search(self, rows: QuerySet[Appraisal], name: str, value: str) -> QuerySet[Appraisal]:
        found = Q(title_zh__icontains=value) | Q(title_en__icontains=value)
        return rows.filter(found | Q(number__icontains=value))


class EntryTable(Table):
    number = LinkColumn()
    person = tables.Column(accessor="person__name", verbose_name=_("full name"))
    id_masked = tables.Column(
        accessor="person__id_masked", orderable=False, verbose_name=_("ID card number")
    )
    organisation = tables.Column(
        accessor="organisation__name",
        order_by="organisation__name_zh",
        verbose_name=_("firm that entered them"),
    )
    at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Entry
        fields = "number person id_masked organisation at state".split()
        sequence = fields


class EntryFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or number"))
    state = filters.ChoiceFilter(choices=Entry.State.choices)

    class Meta:
        model = Entry
        fields = "q state".split()

    def search(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return rows.filter(Q(number__startswith=value) | Q(person__name__icontains=value))
