"""The register of bodies and the list of a body's people: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodykinds.models import Kind, Role
from silian.governance.consortia.models import Cluster
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class BodyTable(Table):
    name = LinkColumn(order_by="name_zh", verbose_name=_("name"))
    kind = tables.Column(accessor="kind__name", order_by="kind", verbose_name=_("kind"))
    host = tables.Column(accessor="host__name", order_by="host__name_zh", verbose_name=_("host"))
    cluster = tables.Column(
        accessor="cluster__name", order_by="cluster__order", verbose_name=_("industry cluster")
    )
    founded_on = DateColumn()
    expires_on = DateColumn()
    plaque = tables.Column(
        accessor="plaque__number", order_by="plaque__number", verbose_name=_("plaque")
    )
    state = StateColumn()

    class Meta:
        model = Body
        fields = "name kind host cluster founded_on expires_on plaque state".split()
        sequence = fields


def consortium_of(request: HttpRequest) -> Any:
    """The consortium that the page belongs to."""
    match = request.resolver_match
    return match.kwargs["consortium"] if match else None


def clusters_in_use(request: HttpRequest) -> QuerySet[Cluster]:
    return Cluster.objects.filter(consortium=consortium_of(request))


def kinds_in_use(request: HttpRequest) -> QuerySet[Kind]:
    return Kind.objects.for_consortium(consortium_of(request))


def hosts_in_use(request: HttpRequest) -> QuerySet[Organisation]:
    public = Body.objects.public().filter(consortium=consortium_of(request))
    return Organisation.objects.filter(pk__in=public.values("host"))


class BodyFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or host"))
    kind = filters.ModelChoiceFilter(queryset=kinds_in_use, to_field_name="code", label=_("kind"))
    cluster = filters.ModelChoiceFilter(queryset=clusters_in_use, label=_("industry cluster"))
    host = filters.ModelChoiceFilter(queryset=hosts_in_use, label=_("host"))
    state = filters.ChoiceFilter(choices=[(s.value, s.label) for s in Body.PUBLIC])
    look_at = filters.ChoiceFilter(
        choices=[
            ("orphaned", _("host no longer a member")),
            ("expiring", _("term ends soon or is over")),
        ],
        method="to_look_at",
        label=_("to look at"),
    )

    class Meta:
        model = Body
        fields = "q kind cluster host state look_at".split()

    def search(self, rows: QuerySet[Body], name: str, value: str) -> QuerySet[Body]:
        columns = "name_zh name_en host__name_zh host__name_en".split()
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))

    def to_look_at(self, rows: Any, name: str, value: str) -> QuerySet[Body]:
        return rows.orphaned() if value == "orphaned" else rows.expiring()  # type: ignore[no-any-return]


class PeopleTable(Table):
    name = tables.Column(attrs={"td": {"class": "silian-name"}})
    role = tables.Column(accessor="role__name", order_by="role", verbose_name=_("serves as"))
    place = tables.Column(order_by="organisation__name_zh", verbose_name=_("unit"))
    title = tables.Column()
    start = DateColumn()
    end = DateColumn()
    letter_number = tables.Column()

    class Meta:
        model = Appointment
        fields = "name role place title start end letter_number".split()
        sequence = fields


class StaffTable(PeopleTable):
    """For whoever may change the people: each name leads to its form."""

    name = LinkColumn()


def roles_in_use(request: HttpRequest) -> QuerySet[Role]:
    """The roles of the body that the page belongs to."""
    match = request.resolver_match
    return Role.objects.filter(kind__bodies=match.kwargs["pk"] if match else None)


class PeopleFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or unit"))
    role = filters.ModelChoiceFilter(queryset=roles_in_use, label=_("serves as"))
    when = filters.ChoiceFilter(
        choices=[("now", _("serving now")), ("before", _("served before"))],
        method="served",
        label=_("when"),
    )

    class Meta:
        model = Appointment
        fields = ["q", "role", "when"]

    def search(self, rows: QuerySet[Appointment], name: str, value: str) -> Any:
        columns = "name unit organisation__name_zh organisation__name_en".split()
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, _connector=Q.OR))

    def served(self, rows: Any, name: str, value: str) -> Any:
        return rows.running() if value == "now" else rows.filter(end__lte=clock.today())
