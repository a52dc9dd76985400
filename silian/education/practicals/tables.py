"""Practical exams and criteria: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.practicals.models import Criterion, Practical
from silian.education.questions.schema import Level
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class PracticalTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("practical exam"))
    level = tables.Column()
    organiser = tables.Column(accessor="organiser__name", order_by="organiser__name_zh")
    begins_at = DateColumn()
    entered = NumberColumn(verbose_name=_("Candidates of the exam"))
    state = StateColumn()

    class Meta:
        model = Practical
        fields = "title level organiser begins_at entered state".split()
        sequence = fields


class PracticalFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title"))
    level = filters.ChoiceFilter(choices=Level)
    state = filters.ChoiceFilter(choices=Practical.State.choices)

    class Meta:
        model = Practical
        fields = "q level state".split()

    def search(self, rows: QuerySet[Practical], name: str, value: str) -> QuerySet[Practical]:
        return rows.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value))


def _edit(criterion: Criterion) -> str:
    station = criterion.station
    keys = [station.practical.consortium, station.practical_id, station.pk, criterion.pk]
    return reverse("rubrics:criterion_edit", args=keys)


class CriterionTable(Table):
    """The rubric; the file that it leaves as can be read in again."""

    kind = tables.Column(orderable=False)
    name_zh = LinkColumn(orderable=False, to=_edit)
    name_en = tables.Column(orderable=False)
    points = NumberColumn(orderable=False)
    critical = tables.BooleanColumn(orderable=False, yesno="✓,")
    photo = tables.BooleanColumn(orderable=False, yesno="✓,")
    unit = tables.Column(orderable=False)
    nominal = NumberColumn(orderable=False)
    below = NumberColumn(orderable=False)
    above = NumberColumn(orderable=False)

    class Meta:
        model = Criterion
        fields = "kind name_zh name_en points critical photo unit nominal below above".split()
        sequence = fields

    def value_critical(self, value: Any) -> bool:
        return bool(value)

    def value_photo(self, value: Any) -> bool:
        return bool(value)


class PlainCriterionTable(CriterionTable):
    """The same where nothing can be changed."""

    name_zh = tables.Column(orderable=False)
