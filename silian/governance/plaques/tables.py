"""The public register of plaques."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.plaques.models import Plaque
from silian.kernel.ui.listing import DateColumn, LinkColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class PlaqueTable(Table):
    number = LinkColumn()
    inscription = tables.Column(order_by="inscription_zh", verbose_name=_("inscription"))
    holder = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("holder")
    )
    issued_on = DateColumn()
    valid = tables.Column(accessor="is_valid", order_by="withdrawn_on", verbose_name=_("validity"))

    class Meta:
        model = Plaque
        fields = ["number", "inscription", "holder", "issued_on", "valid"]
        sequence = fields

    def render_valid(self, value: bool) -> str:
        return badge(self.value_valid(value), "green" if value else "red")

    def value_valid(self, value: bool) -> Any:
        return _("Valid") if value else _("Not valid")


class PlaqueFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    issued_on = filters.NumberFilter(field_name="issued_on", lookup_expr="year", label=_("year"))
    validity = filters.ChoiceFilter(
        choices=[("valid", _("Valid")), ("withdrawn", _("Not valid"))],
        method="that_count",
        label=_("validity"),
    )

    class Meta:
        model = Plaque
        fields = ["q", "issued_on", "validity"]

    def that_count(self, rows: QuerySet[Plaque], name: str, value: str) -> QuerySet[Plaque]:
        return rows.filter(withdrawn_on__isnull=value == "valid")

    def search(self, rows: QuerySet[Plaque], name: str, value: str) -> QuerySet[Plaque]:
        columns = ["number", "inscription_zh", "inscription_en"]
        columns += ["organisation__name_zh", "organisation__name_en"]
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))
