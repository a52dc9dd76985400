"""The students of a school: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel.codes.models import Code
from silian.kernel.ui.listing import LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.profiles.models import Student


class StudentTable(Table):
    number = tables.Column()
    name = LinkColumn()
    programme = tables.Column(accessor="programme__name", order_by="programme__code")
    class_name = tables.Column()
    graduates = tables.Column(verbose_name=_("graduates"))
    points = NumberColumn()
    account = tables.Column(accessor="pk", orderable=False, verbose_name=_("account"))
    state = StateColumn()

    class Meta:
        model = Student
        fields = "number name programme class_name graduates points account state".split()
        sequence = fields

    def render_account(self, record: Student) -> Any:
        if record.user_id:
            return _("Active")
        return _("Invited") if record.invitation_id else _("Not invited")

    value_account = render_account


class StudentFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name, number or class"))
    programme = filters.ModelChoiceFilter(queryset=Code.objects.none(), label=_("programme"))
    graduates = filters.ChoiceFilter(label=_("graduates"))
    account = filters.ChoiceFilter(
        method="joined",
        label=_("account"),
        choices=[("yes", _("Active")), ("invited", _("Invited")), ("no", _("Not invited"))],
    )
    state = filters.ChoiceFilter(choices=Student.State.choices)

    class Meta:
        model = Student
        fields = ["q", "programme", "graduates", "account", "state"]

    def __init__(self, data: Any, queryset: QuerySet[Student], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        taught = queryset.order_by().values("programme")
        self.filters["programme"].queryset = Code.objects.filter(pk__in=taught)
        years = queryset.order_by("-graduates").values_list("graduates", flat=True).distinct()
        self.filters["graduates"].extra["choices"] = [(year, str(year)) for year in years]

    def search(self, rows: QuerySet[Student], name: str, value: str) -> QuerySet[Student]:
        return rows.filter(
            Q(name__icontains=value) | Q(number__istartswith=value) | Q(class_name__icontains=value)
        )

    def joined(self, rows: QuerySet[Student], name: str, value: str) -> QuerySet[Student]:
        if value == "yes":
            return rows.filter(user__isnull=False)
        return rows.filter(user=None, invitation__isnull=value == "no")
