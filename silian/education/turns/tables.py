"""Candidates of a practical exam: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.practicals.models import Entrant
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, Table


def _page(entrant: Entrant) -> str:
    keys = [entrant.practical.consortium, entrant.practical_id, entrant.pk]
    return reverse("turns:entrant_detail", args=keys)


class EntrantTable(Table):
    number = LinkColumn(to=_page)
    person = tables.Column(accessor="person__name", verbose_name=_("full name"))
    id_masked = tables.Column(
        accessor="person__id_masked", orderable=False, verbose_name=_("ID card number")
    )
    organisation = tables.Column(
        accessor="organisation__name",
        order_by="organisation__name_zh",
        verbose_name=_("entered for"),
    )
    draw = NumberColumn()
    admitted_at = DateColumn()

    class Meta:
        model = Entrant
        fields = "number person id_masked organisation draw admitted_at".split()
        sequence = fields


class EntrantFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or ticket number"))
    admitted = filters.ChoiceFilter(
        method="let_in",
        label=_("identity checked"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )

    class Meta:
        model = Entrant
        fields = "q admitted".split()

    def search(self, rows: QuerySet[Entrant], name: str, value: str) -> QuerySet[Entrant]:
        return rows.filter(Q(number__startswith=value) | Q(person__name__icontains=value))

    def let_in(self, rows: QuerySet[Entrant], name: str, value: str) -> QuerySet[Entrant]:
        return rows.filter(admitted_at__isnull=value == "no")
