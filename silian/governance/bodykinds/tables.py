"""The kinds of body that a consortium has: columns."""

import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.bodykinds.models import Kind
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table


class KindTable(Table):
    name = LinkColumn(to=lambda kind: kind.page, order_by="name_zh", verbose_name=_("name"))
    hosts = tables.Column(accessor="host_names", orderable=False, verbose_name=_("who may host it"))
    roles = tables.Column(accessor="roles__all", orderable=False, verbose_name=_("roles"))
    questions = NumberColumn(verbose_name=_("questions"))
    term_years = NumberColumn(verbose_name=_("term, years"))
    origin = tables.Column(accessor="consortium_id", empty_values=(), verbose_name=_("origin"))

    class Meta:
        model = Kind
        fields = ["name", "hosts", "roles", "questions", "term_years", "origin"]
        sequence = fields

    def render_hosts(self, value: list[str]) -> str:
        return "、".join(value)

    def render_roles(self, value: list[object]) -> str:
        return "、".join(str(role) for role in value)

    def render_origin(self, value: int | None) -> str:
        return gettext("own") if value else gettext("shipped")

    value_hosts, value_roles, value_origin = render_hosts, render_roles, render_origin
