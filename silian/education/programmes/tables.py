"""Lists of programmes."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.education.programmes.models import Programme
from silian.governance.consortia.models import Cluster
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table


class ProgrammeTable(Table):
    """The programmes of one school."""

    name = LinkColumn(order_by="name_zh", verbose_name=_("programme"))
    code = tables.Column(accessor="code__code", verbose_name=_("catalogue code"))
    level = tables.Column()
    years = NumberColumn()
    enrolled = NumberColumn(verbose_name=_("new students, last year stated"))
    graduated = NumberColumn(verbose_name=_("graduates, last year stated"))
    closed = tables.Column()

    class Meta:
        model = Programme
        fields = "name code level years enrolled graduated closed".split()
        sequence = fields

    def order_enrolled(self, rows: QuerySet[Any], descending: bool) -> tuple[Any, bool]:
        return _with_nothing_last(rows, "enrolled", descending)

    def order_graduated(self, rows: QuerySet[Any], descending: bool) -> tuple[Any, bool]:
        return _with_nothing_last(rows, "graduated", descending)


class ConsortiumTable(ProgrammeTable):
    """Those of all member schools."""

    school = tables.Column(accessor="school__name", order_by="school__name_zh")

    class Meta:
        model = Programme
        fields = "name school code level years enrolled graduated closed".split()
        sequence = fields


def _with_nothing_last(rows: QuerySet[Any], name: str, descending: bool) -> tuple[Any, bool]:
    column = F(name)
    order = column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)
    return rows.order_by(order, "pk"), True


class ProgrammeFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Programme, code or school"))
    level = filters.ChoiceFilter(choices=Programme.Level.choices)
    occupation = CodeFilter(
        kind=CodeList.Kind.OCCUPATION, field_name="occupations", label=_("occupation")
    )
    intake = filters.ChoiceFilter(
        method="taking",
        label=_("intake"),
        choices=[("open", _("Takes students")), ("closed", _("No intake any more"))],
    )

    class Meta:
        model = Programme
        fields = ["q", "level", "occupation", "intake"]

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = Q(code__code__startswith=value)
        for path in ("name", "school__name", "school__short_name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        return rows.filter(found)

    def taking(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        taking = Q(closed=None) | Q(closed__gt=clock.today().year)
        return rows.filter(taking if value == "open" else ~taking)


def schools_with_programmes(request: HttpRequest | None) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=Programme.objects.values("school"))


class ConsortiumFilter(ProgrammeFilter):
    school = filters.ModelChoiceFilter(queryset=schools_with_programmes, label=_("school"))
    cluster = filters.ModelChoiceFilter(
        field_name="clusters", queryset=Cluster.objects.none(), label=_("industry cluster")
    )

    class Meta:
        model = Programme
        fields = "q school level cluster occupation intake".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consortium = self.request.resolver_match.kwargs["consortium"]
        self.filters["cluster"].queryset = Cluster.objects.filter(consortium=consortium)
        members = consortium.memberships.current().values("organisation")
        schools = schools_with_programmes(None).filter(pk__in=members)
        self.filters["school"].queryset = schools
