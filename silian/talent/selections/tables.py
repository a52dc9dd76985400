"""The learners of a cohort, by name only for those who may read it."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.cohorts.models import Learner
from silian.talent.selections.naming import shown


def page_of(learner: Learner) -> str:
    cohort = learner.cohort
    return reverse("selections:learner_detail", args=[cohort.consortium, cohort.pk, learner.pk])


class LearnerTable(Table):
    learner = LinkColumn(accessor="pk", order_by="number", verbose_name=_("learner"), to=page_of)
    programme = tables.Column(
        accessor="student__programme__name", orderable=False, verbose_name=_("programme")
    )
    applied_at = DateColumn()
    interview_at = DateColumn(accessor="interview__at", verbose_name=_("interview"))
    score = NumberColumn(accessor="interview__score", verbose_name=_("score"))
    order = NumberColumn()
    state = StateColumn()

    class Meta:
        model = Learner
        fields = "learner programme applied_at interview_at score order state".split()
        sequence = fields

    def render_learner(self, value: Any, record: Learner, column: LinkColumn) -> Any:
        return LinkColumn.render(column, shown(record), record)

    def value_learner(self, record: Learner) -> str:
        return shown(record)


class LearnerFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or number"))
    state = filters.ChoiceFilter(choices=Learner.State.choices)

    class Meta:
        model = Learner
        fields = ["q", "state"]

    def search(self, rows: QuerySet[Learner], name: str, value: str) -> QuerySet[Learner]:
        """By name only among those whose names the reader may know."""
        found = Q(named=True, student__name__icontains=value)
        number = value.rpartition("-")[2]
        if number.isdecimal():
            found |= Q(number=int(number) % 32768)
        return rows.filter(found)
