"""The shelf of templates, as a table."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.drafting.models import Template
from silian.kernel.ui.listing import DateColumn, LinkColumn, Table


def _page(template: Template) -> str:
    return reverse("drafting:template_edit", args=[template.consortium, template.pk])


class TemplateTable(Table):
    name = LinkColumn(to=_page)
    kind = tables.Column()
    at = DateColumn()
    by = tables.Column(orderable=False, verbose_name=_("by"))

    class Meta:
        model = Template
        fields = ["name", "kind", "at", "by"]
        sequence = fields
