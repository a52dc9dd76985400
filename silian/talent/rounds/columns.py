"""What every table about seats shows of a seat, and how it is searched; ``path`` leads to it."""

from collections.abc import Callable
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import LinkColumn
from silian.talent.rounds.models import Seat


def position_of(seat: Seat) -> str:
    return reverse("demand:position_detail", args=[seat.round.consortium, seat.position_id])


def position_column(path: str = "", to: Callable[[Any], str] | None = None) -> tables.Column:
    """The position's name, leading to ``to(record)`` where that is given."""
    facts = {
        "accessor": f"{path}position__title",
        "order_by": f"{path}position__title_zh",
        "verbose_name": _("position"),
    }
    return LinkColumn(to=to, **facts) if to else tables.Column(**facts)


def employer_column(path: str = "") -> tables.Column:
    return tables.Column(
        accessor=f"{path}position__organisation__name",
        order_by=f"{path}position__organisation__name_zh",
        verbose_name=_("employer"),
    )


def region_column(path: str = "") -> tables.Column:
    return tables.Column(
        accessor=f"{path}position__region__name",
        order_by=f"{path}position__region__code",
        verbose_name=_("region"),
    )


class SeatSearch(filters.CharFilter):
    """Finds by position or employer."""

    def __init__(self, path: str = "", **kwargs: Any) -> None:
        self.path = path
        super().__init__(**{"label": _("Position or employer"), **kwargs})

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        found = Q()
        for name in ("position__title", "position__organisation__name"):
            for language in ("zh", "en"):
                found |= Q((f"{self.path}{name}_{language}__icontains", value))
        return qs.filter(found)
