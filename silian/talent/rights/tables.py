"""What students ask to have corrected: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table
from silian.talent.rights.models import Correction


class CorrectionTable(Table):
    wrong = LinkColumn(
        to=lambda one: reverse("rights:correction_detail", args=[one.student.school_id, one.pk])
    )
    student = tables.Column(accessor="student__name", verbose_name=_("student"))
    asked_at = DateColumn()
    due_on = DateColumn()
    state = StateColumn()

    class Meta:
        model = Correction
        fields = "wrong student asked_at due_on state".split()
        sequence = fields


class CorrectionFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="student__name", lookup_expr="icontains", label=_("Name"))
    state = filters.ChoiceFilter(choices=Correction.State.choices)

    class Meta:
        model = Correction
        fields = ["q", "state"]
