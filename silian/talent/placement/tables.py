"""The seats of a published result: columns and filters."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import NumberColumn, Table
from silian.talent.rounds.columns import (
    SeatSearch,
    employer_column,
    position_column,
    position_of,
    region_column,
)
from silian.talent.rounds.models import Seat


class OutcomeTable(Table):
    """What everybody may know of each seat: how many wished, how many came in."""

    position = position_column(to=position_of)
    employer = employer_column()
    region = region_column()
    quota = NumberColumn()
    minimum = NumberColumn(verbose_name=_("runs only with"))
    applicants = NumberColumn(verbose_name=_("applicants"))
    filled = NumberColumn(verbose_name=_("placed"))

    class Meta:
        model = Seat
        fields = "position employer region quota minimum applicants filled".split()
        sequence = fields

    def render_minimum(self, value: int) -> Any:
        return value or ""


class OutcomeFilter(filters.FilterSet):
    q = SeatSearch()

    class Meta:
        model = Seat
        fields = ["q"]
