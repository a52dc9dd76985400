"""The members of a consortium: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Membership, Organisation, named
from silian.kernel.bilingual import in_reading_language
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class MembershipTable(Table):
    name = LinkColumn(
        accessor="organisation__name",
        order_by="organisation__name_zh",
        verbose_name=_("organisation"),
    )
    kind = tables.Column(
        accessor="organisation__get_kind_display",
        order_by="organisation__kind",
        verbose_name=_("kind"),
    )
    grade = tables.Column()
    part = tables.Column()
    region = tables.Column(
        accessor="organisation__region__name",
        order_by="organisation__region__code",
        verbose_name=_("region"),
    )
    admitted_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Membership
        fields = ["name", "kind", "grade", "part", "region", "admitted_on", "state"]
        sequence = fields


YES_OR_NO = [("True", _("Yes")), ("False", _("No"))]


class MembershipFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    kind = filters.ChoiceFilter(
        field_name="organisation__kind", choices=Organisation.Kind.choices, label=_("kind")
    )
    grade = filters.ChoiceFilter(choices=Membership.Grade.choices)
    part = filters.ChoiceFilter(choices=Membership.Part.choices)
    region = CodeFilter(kind="region", field_name="organisation__region", label=_("region"))
    state = filters.ChoiceFilter(choices=Membership.State.choices)
    founding = filters.ChoiceFilter(choices=YES_OR_NO)

    class Meta:
        model = Membership
        fields = ["q", "kind", "grade", "part", "region", "state", "founding"]

    def search(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(named(value, "organisation__"))


def region_facet(rows: QuerySet[Membership]) -> list[dict[str, Any]]:
    """How many current members each region has: code, name and ``members``, the most first."""
    path = "organisation__region"
    current = rows.filter(state=Membership.State.ADMITTED, organisation__region__isnull=False)
    columns = [f"{path}__{name}" for name in ("code", "name_zh", "name_en")]
    counted = current.order_by().values(*columns).annotate(members=Count("pk"))
    found = counted.order_by("-members", columns[0])[:12]
    return [
        {
            "code": row[f"{path}__code"],
            "name": in_reading_language(row[f"{path}__name_zh"], row[f"{path}__name_en"]),
            "members": row["members"],
        }
        for row in found
    ]
