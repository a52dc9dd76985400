"""Placements: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table
from silian.talent.offers.telling import called
from silian.talent.placement.models import Placement
from silian.talent.rounds.columns import employer_column, position_column


def page_of(placement: Placement) -> str:
    return reverse("offers:placement_detail", args=[placement.round.consortium, placement.pk])


class PlacementTable(Table):
    student = LinkColumn(to=page_of, accessor="pk", orderable=False, verbose_name=_("student"))
    school = tables.Column(accessor="student__school__name", verbose_name=_("school"))
    programme = tables.Column(accessor="student__programme__name", verbose_name=_("programme"))
    position = position_column("seat__")
    employer = employer_column("seat__")
    answered_at = DateColumn()
    state = StateColumn()
    origin = tables.Column()
    reason = tables.Column()

    class Meta:
        model = Placement
        fields = (
            "student school programme position employer origin answered_at state reason".split()
        )
        sequence = fields

    def render_student(self, record: Placement) -> str:
        return called(record)

    value_student = render_student

    def render_school(self, value: str, record: Placement) -> str:
        return value if record.named else "–"  # type: ignore[attr-defined]  # annotated by policy

    value_school = render_school


class PlacementFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Student, school, position or employer"))
    state = filters.ChoiceFilter(choices=Placement.State.choices)
    origin = filters.ChoiceFilter(choices=Placement.Origin.choices)

    class Meta:
        model = Placement
        fields = ["q", "state", "origin"]

    def search(self, rows: QuerySet[Placement], name: str, value: str) -> QuerySet[Placement]:
        """By name and school only among those whom the reader may know."""
        seat = "title_zh title_en organisation__name_zh".split()
        found = Q(*((f"seat__position__{it}__icontains", value) for it in seat), _connector=Q.OR)
        who = Q(student__name__icontains=value) | Q(student__school__name_zh__icontains=value)
        return rows.filter(found | Q(who, named=True))
