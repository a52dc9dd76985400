"""The register of plans and course standards."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.education.programmes.models import Programme
from silian.education.standards.models import Edition, Standard
from silian.governance.members.models import Organisation
from silian.industry.occupations.models import Skill
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class StandardTable(Table):
    """What everybody sees: what is in force."""

    title = LinkColumn(order_by="title_zh", verbose_name=_("title"))
    kind = tables.Column()
    programme = tables.Column(accessor="programme__name", order_by="programme__name_zh")
    school = tables.Column(
        accessor="programme__school__name",
        order_by="programme__school__name_zh",
        verbose_name=_("school"),
    )
    level = tables.Column(
        accessor="programme__get_level_display",
        order_by="programme__level",
        verbose_name=_("level"),
    )
    in_force = NumberColumn(verbose_name=_("edition in force"))
    hours = NumberColumn(verbose_name=_("total hours"))
    since = DateColumn(verbose_name=_("in force since"))

    class Meta:
        model = Standard
        fields = "title kind programme school level in_force hours since".split()
        sequence = fields


class DeskTable(StandardTable):
    """The same for those who write, with what is being made and asked for."""

    making = tables.Column(verbose_name=_("in the making"))
    open_requests = NumberColumn(verbose_name=_("open change requests"))

    class Meta:
        model = Standard
        fields = "title kind programme school in_force since making open_requests".split()
        sequence = fields
        exclude = ["level", "hours"]

    def render_making(self, value: str) -> str:
        return badge(Edition.State(value).label, Edition.STATE_COLOURS[value])

    def value_making(self, value: str) -> str:
        return str(Edition.State(value).label)


class StandardFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title, programme, school or unit"))
    kind = filters.ChoiceFilter(choices=Standard.Kind.choices)
    level = filters.ChoiceFilter(
        field_name="programme__level", choices=Programme.Level.choices, label=_("level")
    )
    school = filters.ModelChoiceFilter(
        field_name="programme__school", queryset=Organisation.objects.none(), label=_("school")
    )
    skill = filters.ModelChoiceFilter(
        method="teaching", queryset=Skill.objects.all(), label=_("teaches the skill")
    )

    class Meta:
        model = Standard
        fields = "q kind level school skill".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["school"].queryset = schools_with_standards(self.request)

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = Q()
        for path in ("title", "programme__name", "programme__school__name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        units = Edition.objects.filter(state__in=Edition.PUBLIC, units__title_zh__icontains=value)
        return rows.filter(found | Q(pk__in=units.values("standard")))

    def teaching(self, rows: QuerySet[Any], name: str, value: Skill) -> QuerySet[Any]:
        taught = Edition.objects.filter(state=Edition.State.PUBLISHED, units__skills=value)
        return rows.filter(pk__in=taught.values("standard"))


class DeskFilter(StandardFilter):
    making = filters.ChoiceFilter(
        choices=[(s.value, s.label) for s in Edition.State if s not in Edition.PUBLIC],
        label=_("in the making"),
    )

    class Meta:
        model = Standard
        fields = "q kind making school skill".split()


def schools_with_standards(request: HttpRequest) -> QuerySet[Organisation]:
    """Of public standards only: a filter tells nobody what is still being written."""
    match = request.resolver_match
    consortium = match.kwargs["consortium"] if match else None
    public = Edition.objects.filter(state__in=Edition.PUBLIC, standard__consortium=consortium)
    return Organisation.objects.filter(pk__in=public.values("standard__programme__school"))
