"""The directory of organisations: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation, named
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.ui.listing import LinkColumn, Table


class OrganisationTable(Table):
    name = LinkColumn(order_by="name_zh", verbose_name=_("name"))
    kind = tables.Column()
    region = tables.Column(accessor="region__name", order_by="region__code")
    industry = tables.Column(accessor="industry__name", order_by="industry__code")
    scale = tables.Column()
    consortia = tables.Column(
        accessor="current_memberships", orderable=False, verbose_name=_("consortia")
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "region", "industry", "scale", "consortia"]
        sequence = fields

    def render_consortia(self, value: list[Membership]) -> str:
        return "、".join(membership.consortium.short_name for membership in value)

    value_consortia = render_consortia


YES_OR_NO = [("True", _("Yes")), ("False", _("No"))]


def consortia() -> list[tuple[str, str]]:
    """All consortia by short address; a filter has no room for their full names."""
    return [(consortium.slug, consortium.short_name) for consortium in Consortium.objects.all()]


class OrganisationFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    kind = filters.ChoiceFilter(choices=Organisation.Kind.choices)
    region = CodeFilter(kind="region", label=_("region"))
    consortium = filters.ChoiceFilter(
        choices=consortia, method="in_consortium", label=_("consortium")
    )
    industry = CodeFilter(kind="industry", label=_("industry"))
    scale = filters.ChoiceFilter(choices=Organisation.Scale.choices)
    above_scale = filters.ChoiceFilter(choices=YES_OR_NO)

    class Meta:
        model = Organisation
        fields = ["q", "kind", "region", "consortium", "industry", "scale", "above_scale"]

    def search(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return rows.filter(named(value))

    def in_consortium(
        self, rows: QuerySet[Organisation], name: str, value: str
    ) -> QuerySet[Organisation]:
        members = Membership.objects.current().filter(consortium__slug=value)
        return rows.filter(pk__in=members.values("organisation"))
