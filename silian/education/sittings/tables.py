"""Exams and candidates: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.sittings.models import Candidate, Exam, Room
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class ExamTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("exam"))
    organiser = tables.Column(accessor="organiser__name", order_by="organiser__name_zh")
    opens_at = DateColumn()
    candidates = NumberColumn(accessor="entered", verbose_name=_("Candidates of the exam"))
    state = StateColumn()

    class Meta:
        model = Exam
        fields = "title organiser opens_at candidates state".split()
        sequence = fields


class ExamFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title"))
    state = filters.ChoiceFilter(choices=Exam.State.choices)

    class Meta:
        model = Exam
        fields = "q state".split()

    def search(self, rows: QuerySet[Exam], name: str, value: str) -> QuerySet[Exam]:
        return rows.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value))


class CandidateTable(Table):
    number = LinkColumn()
    person = tables.Column(accessor="person__name", verbose_name=_("full name"))
    id_masked = tables.Column(
        accessor="person__id_masked", orderable=False, verbose_name=_("ID card number")
    )
    organisation = tables.Column(
        accessor="organisation__name",
        order_by="organisation__name_zh",
        verbose_name=_("entered for"),
    )
    room = tables.Column(accessor="room__name", verbose_name=_("exam room"))
    seat = NumberColumn()

    class Meta:
        model = Candidate
        fields = "number person id_masked organisation room seat".split()
        sequence = fields


class CandidateFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or ticket number"))
    room = filters.ModelChoiceFilter(queryset=Room.objects.none(), label=_("exam room"))

    class Meta:
        model = Candidate
        fields = "q room".split()

    def __init__(self, data: object, queryset: QuerySet[Candidate], **kwargs: object) -> None:
        super().__init__(data, queryset, **kwargs)
        rooms = Room.objects.filter(pk__in=queryset.order_by().values("room"))
        self.filters["room"].queryset = rooms

    def search(self, rows: QuerySet[Candidate], name: str, value: str) -> QuerySet[Candidate]:
        return rows.filter(Q(number__startswith=value) | Q(person__name__icontains=value))
