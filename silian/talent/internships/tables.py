"""Internships: columns, which are those that authorities ask for, and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table
from silian.talent.internships.models import Internship


class InternshipTable(Table):
    student = LinkColumn(accessor="called", orderable=False, verbose_name=_("student"))
    number = tables.Column(accessor="student__number", verbose_name=_("student number"))
    programme = tables.Column(
        accessor="student__programme__name", order_by="student__programme__code"
    )
    unit = tables.Column(accessor="unit__name", order_by="unit__name_zh")
    post = tables.Column()
    kind = tables.Column()
    starts_on = DateColumn()
    ends_on = DateColumn()
    school_mentor = tables.Column()
    unit_mentor = tables.Column()
    state = StateColumn()

    class Meta:
        model = Internship
        fields = """student number programme unit post kind starts_on ends_on school_mentor
        unit_mentor state""".split()
        sequence = fields

    def render_number(self, value: str, record: Internship) -> str:
        return value if record.named else "–"  # type: ignore[attr-defined]  # annotated by policy

    value_number = render_number


class InternshipFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Student, number, unit or post"))
    kind = filters.ChoiceFilter(choices=Internship.Kind.choices)
    state = filters.ChoiceFilter(choices=Internship.State.choices)

    class Meta:
        model = Internship
        fields = ["q", "kind", "state"]

    def search(self, rows: QuerySet[Internship], name: str, value: str) -> QuerySet[Internship]:
        """By name and number only among those whom the reader may know."""
        word = value.strip()
        who = Q(student__name__icontains=word) | Q(student__number__istartswith=word)
        return rows.filter(
            Q(who, named=True) | Q(unit__name_zh__icontains=word) | Q(post__icontains=word)
        )
