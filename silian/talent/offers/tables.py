"""Placements: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table
from silian.talent.placement.models import Placement
from silian.talent.rounds.columns import employer_column, position_column


def page_of(placement: Placement) -> str:
    return reverse("offers:placement_detail", args=[placement.round.consortium, placement.pk])


class PlacementTable(Table):
    student = LinkColumn(to=page_of, accessor="student__name", verbose_name=_("student"))
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


class PlacementFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Student, school, position or employer"))
    state = filters.ChoiceFilter(choices=Placement.State.choices)
    origin = filters.ChoiceFilter(choices=Placement.Origin.choices)

    class Meta:
        model = Placement
        fields = ["q", "state", "origin"]

    def search(self, rows: QuerySet[Placement], name: str, value: str) -> QuerySet[Placement]:
        paths = (
            "student__name student__school__name_zh seat__position__title_zh"
            " seat__position__title_en seat__position__organisation__name_zh"
        )
        return rows.filter(
            Q(*((f"{it}__icontains", value) for it in paths.split()), _connector=Q.OR)
        )
