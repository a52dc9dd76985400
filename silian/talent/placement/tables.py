"""Placements and the seats of a published result: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, NumberColumn, StateColumn, Table
from silian.talent.placement.models import Outcome, Placement


class PlacementTable(Table):
    student = tables.Column(accessor="student__name", verbose_name=_("student"))
    school = tables.Column(accessor="student__school__name", verbose_name=_("school"))
    programme = tables.Column(accessor="student__programme__name", verbose_name=_("programme"))
    position = tables.Column(
        accessor="seat__position__title",
        order_by="seat__position__title_zh",
        verbose_name=_("position"),
    )
    employer = tables.Column(
        accessor="seat__position__organisation__name",
        order_by="seat__position__organisation__name_zh",
        verbose_name=_("employer"),
    )
    answered_at = DateColumn()
    state = StateColumn()
    reason = tables.Column()

    class Meta:
        model = Placement
        fields = "student school programme position employer answered_at state reason".split()
        sequence = fields


class PlacementFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Student, school, position or employer"))
    state = filters.ChoiceFilter(choices=Placement.State.choices)

    class Meta:
        model = Placement
        fields = ["q", "state"]

    def search(self, rows: QuerySet[Placement], name: str, value: str) -> QuerySet[Placement]:
        paths = (
            "student__name student__school__name_zh seat__position__title_zh"
            " seat__position__title_en seat__position__organisation__name_zh"
        )
        return rows.filter(
            Q(*((f"{it}__icontains", value) for it in paths.split()), _connector=Q.OR)
        )


class OutcomeTable(Table):
    """What everybody may know of each seat: how many wished, how many came in."""

    position = tables.Column(
        accessor="seat__position__title",
        order_by="seat__position__title_zh",
        verbose_name=_("position"),
    )
    employer = tables.Column(
        accessor="seat__position__organisation__name",
        order_by="seat__position__organisation__name_zh",
        verbose_name=_("employer"),
    )
    quota = NumberColumn(verbose_name=_("quota"))
    applicants = NumberColumn(verbose_name=_("applicants"))
    filled = NumberColumn(verbose_name=_("placed"))

    class Meta:
        model = Outcome
        fields = "position employer quota applicants filled".split()
        sequence = fields


class OutcomeFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Position or employer"))

    class Meta:
        model = Outcome
        fields = ["q"]

    def search(self, rows: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        found = Q()
        for path in ("seat__position__title", "seat__position__organisation__name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        return rows.filter(found)
