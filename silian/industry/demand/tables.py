"""The hall of positions: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Cluster
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.industry.occupations.models import Skill
from silian.kernel.codes.models import Code
from silian.kernel.ui import formats
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class PositionTable(Table):
    """What everybody sees."""

    title = LinkColumn(order_by="title_zh", verbose_name=_("position"))
    employer = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("employer")
    )
    kind = tables.Column()
    region = tables.Column(accessor="region__name", order_by="region__code")
    places = NumberColumn()
    pay = tables.Column(
        accessor="pk", order_by=("-pay_high", "-pay_low"), verbose_name=_("monthly pay")
    )
    education = tables.Column()
    published_at = DateColumn()
    confirmed_on = DateColumn()

    class Meta:
        model = Position
        fields = "title employer kind region places pay education published_at confirmed_on".split()
        sequence = fields

    def render_pay(self, record: Position) -> str:
        return pay_of(record)

    value_pay = render_pay

    def render_published_at(self, record: Position) -> str:
        return formats.day(record.published_at) if record.published_at else ""

    def order_pay(self, rows: QuerySet[Position], descending: bool) -> tuple[Any, bool]:
        high = F("pay_high")
        order = high.desc(nulls_last=True) if descending else high.asc(nulls_last=True)
        return rows.order_by(order, "pk"), True


class DeskTable(PositionTable):
    """The same with states, for those who look after positions."""

    state = StateColumn()

    class Meta:
        model = Position
        fields = "title employer kind places region state published_at confirmed_on".split()
        sequence = [*fields, "..."]
        exclude = ["pay", "education"]


def pay_of(position: Position) -> str:
    """The monthly pay as one text; nothing where it was left open."""
    ends = [end for end in (position.pay_low, position.pay_high) if end is not None]
    return " – ".join(formats.money(end) for end in dict.fromkeys(ends))


def regions_in_use(request: HttpRequest | None) -> QuerySet[Code]:
    used = Code.objects.filter(pk__in=Position.objects.published().values("region"))
    return Code.objects.filter(Q(pk__in=used) | Q(pk__in=used.values("parent")))


def occupations_in_use(request: HttpRequest | None) -> QuerySet[Code]:
    return Code.objects.filter(pk__in=Position.objects.published().values("occupation"))


def employers_in_use(request: HttpRequest | None) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=Position.objects.published().values("organisation"))


class UsedCodeFilter(filters.ModelChoiceFilter):
    """One of the codes that occur, with whatever lies below it."""

    def filter(self, rows: QuerySet[Any], value: Code | None) -> QuerySet[Any]:
        if not value:
            return rows
        name = self.field_name
        return rows.filter(Q((name, value), (f"{name}__parent", value), _connector=Q.OR))


class PositionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Position, employer, duty or skill"))
    kind = filters.ChoiceFilter(choices=Position.Kind.choices)
    occupation = UsedCodeFilter(queryset=occupations_in_use, label=_("occupation"))
    region = UsedCodeFilter(queryset=regions_in_use, label=_("region"))
    education = filters.ChoiceFilter(
        choices=Position.Education.choices, lookup_expr="lte", label=_("education at most")
    )
    pay = filters.NumberFilter(method="paid", label=_("monthly pay at least"))
    cluster = filters.ModelChoiceFilter(
        queryset=Cluster.objects.none(), label=_("industry cluster")
    )
    employer = filters.ModelChoiceFilter(
        field_name="organisation", queryset=employers_in_use, label=_("employer")
    )
    skill = filters.ModelChoiceFilter(
        field_name="skills", queryset=Skill.objects.all(), label=_("skill")
    )

    class Meta:
        model = Position
        fields = "q kind occupation region education pay cluster employer skill".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consortium = self.request.resolver_match.kwargs["consortium"]
        self.filters["cluster"].queryset = Cluster.objects.filter(consortium=consortium)

    def search(self, rows: QuerySet[Position], name: str, value: str) -> QuerySet[Position]:
        found = Q()
        for path in ("title", "organisation__name", "duties", "occupation__name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        skilled = Position.objects.filter(
            Q(skills__name_zh__icontains=value) | Q(skills__name_en__icontains=value)
        )
        return rows.filter(found | Q(pk__in=skilled.values("pk")))

    def paid(self, rows: QuerySet[Position], name: str, value: int) -> QuerySet[Position]:
        return rows.filter(Q(pay_high__gte=value) | Q(pay_high=None, pay_low__gte=value))


class DeskFilter(PositionFilter):
    state = filters.ChoiceFilter(choices=Position.State.choices)

    class Meta:
        model = Position
        fields = ["q", "state", "kind", "cluster"]
