"""The complaints of a desk: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, StateColumn, Table
from silian.talent.complaints.models import Complaint


class ComplaintTable(Table):
    number = tables.Column(accessor="pk", verbose_name=_("number"))
    about = tables.Column()
    at = DateColumn()
    due_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Complaint
        fields = "number about at due_on state".split()
        sequence = fields

    def render_number(self, record: Complaint) -> str:
        url = reverse("complaints:desk_detail", args=[record.consortium, record.pk])
        return format_html('<a href="{}">{}</a>', url, record)


class ComplaintFilter(filters.FilterSet):
    about = filters.ChoiceFilter(choices=Complaint.About.choices)
    state = filters.ChoiceFilter(choices=Complaint.State.choices)

    class Meta:
        model = Complaint
        fields = ["about", "state"]
