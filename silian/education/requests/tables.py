"""What was asked for."""

import django_filters as filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from silian.education.standards.models import ChangeRequest
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class RequestTable(Table):
    text = LinkColumn(verbose_name=_("what should change"))
    organisation = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("asked by")
    )
    skill = tables.Column(
        accessor="skill__name", order_by="skill__name_zh", verbose_name=_("skill")
    )
    at = DateColumn()
    state = StateColumn()

    class Meta:
        model = ChangeRequest
        fields = "text organisation skill at state".split()
        sequence = fields


class InboxTable(RequestTable):
    standard = tables.Column(
        accessor="standard__title",
        order_by="standard__title_zh",
        verbose_name=_("plan or standard"),
    )

    class Meta:
        model = ChangeRequest
        fields = "text standard organisation skill at state".split()
        sequence = fields


class RequestFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="text", lookup_expr="icontains", label=_("Words of it"))
    state = filters.ChoiceFilter(choices=ChangeRequest.State.choices)

    class Meta:
        model = ChangeRequest
        fields = ["q", "state"]
