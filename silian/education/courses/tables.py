"""The catalogue, what one offers, and sessions: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Course, Session
from silian.education.courses.terms import Level
from silian.governance.members.models import Organisation
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.codes.models import CodeList
from silian.kernel.search.services import matching
from silian.kernel.ui import formats
from silian.kernel.ui.listing import (
    DateColumn,
    LinkColumn,
    NumberColumn,
    StateColumn,
    Table,
)
from silian.kernel.ui.templatetags.ui import badge
from silian.kernel.ui.widgets import DayInput


class CatalogueTable(Table):
    """What everybody sees; on a phone each course is a card."""

    SOONEST = (F("next_on").asc(nulls_last=True), "-pk")

    title = LinkColumn(order_by="title_zh", verbose_name=_("course"))
    offered_by = tables.Column(order_by="organiser__name_zh", verbose_name=_("organiser"))
    kind = tables.Column()
    occupation = tables.Column(accessor="occupation__name", order_by="occupation__code")
    level = tables.Column()
    hours = NumberColumn()
    next_on = DateColumn(verbose_name=_("next session"), empty_values=())
    next_free = NumberColumn(verbose_name=_("free places"))
    price = NumberColumn(verbose_name=_("price from"))

    class Meta:
        model = Course
        fields = "title offered_by kind occupation level hours next_on next_free price".split()
        sequence = fields

    def render_next_on(self, value: Any) -> str | SafeString:
        return formats.day(value) if value else badge(gettext("On demand"), "secondary")

    def value_next_on(self, value: Any) -> Any:
        return value

    def render_next_free(self, value: int) -> str | SafeString:
        return formats.number(value) if value else badge(gettext("Waiting list"), "yellow")

    def render_price(self, value: Any) -> str:
        return formats.money(value) if value else gettext("Free of charge")

    def value_price(self, value: Any) -> Any:
        return value

    def order_next_on(self, rows: QuerySet[Any], descending: bool) -> tuple[Any, bool]:
        day = F("next_on")
        order = day.desc(nulls_last=True) if descending else day.asc(nulls_last=True)
        return rows.order_by(order, "pk"), True


class CatalogueFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Course, occupation or organiser"))
    occupation = CodeFilter(kind=CodeList.Kind.OCCUPATION, label=_("occupation"))
    level = filters.ChoiceFilter(choices=Level.choices)
    kind = filters.ChoiceFilter(choices=Course.Kind.choices)
    organiser = filters.ModelChoiceFilter(
        queryset=Organisation.objects.none(), label=_("organiser")
    )
    price = filters.NumberFilter(field_name="price", lookup_expr="lte", label=_("price at most"))
    since = filters.DateFilter(
        field_name="next_on", lookup_expr="gte", label=_("starts from"), widget=DayInput()
    )
    until = filters.DateFilter(
        field_name="next_on", lookup_expr="lte", label=_("starts until"), widget=DayInput()
    )

    class Meta:
        model = Course
        fields = "q occupation level kind organiser price since until".split()

    def __init__(self, data: Any, queryset: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        offering = queryset.order_by().values("organiser")
        self.filters["organiser"].queryset = Organisation.objects.filter(pk__in=offering)

    def search(self, rows: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        return rows.filter(pk__in=matching(Course, value))


class DeskTable(Table):
    """Ours, in every state."""

    title = LinkColumn(order_by="title_zh", verbose_name=_("course"))
    kind = tables.Column()
    hours = NumberColumn()
    held = NumberColumn(verbose_name=_("sessions"))
    state = StateColumn()

    class Meta:
        model = Course
        fields = "title kind hours held state".split()
        sequence = fields


class DeskFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Course, occupation or organiser"))
    state = filters.ChoiceFilter(choices=Course.State.choices)
    kind = filters.ChoiceFilter(choices=Course.Kind.choices)

    class Meta:
        model = Course
        fields = "q state kind".split()

    def search(self, rows: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        return rows.filter(pk__in=matching(Course, value))


class SessionTable(Table):
    """Sessions of all courses of a body, by their first day."""

    title = LinkColumn(order_by="course__title_zh", verbose_name=_("session"))
    offered_by = tables.Column(
        accessor="course__offered_by",
        order_by="course__organiser__name_zh",
        verbose_name=_("organiser"),
    )
    starts_on = DateColumn()
    ends_on = DateColumn()
    place = tables.Column(order_by="place_zh", verbose_name=_("place"))
    taken = NumberColumn()
    state = StateColumn()

    class Meta:
        model = Session
        fields = "title offered_by starts_on ends_on place taken state".split()
        sequence = fields

    def render_taken(self, record: Session) -> SafeString:
        return format_html("{} / {}", record.taken, record.places_max)

    def value_taken(self, value: int) -> int:
        return value


class SessionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Course, occupation or organiser"))
    state = filters.ChoiceFilter(choices=Session.State.choices)
    since = filters.DateFilter(
        field_name="starts_on", lookup_expr="gte", label=_("starts from"), widget=DayInput()
    )
    until = filters.DateFilter(
        field_name="starts_on", lookup_expr="lte", label=_("starts until"), widget=DayInput()
    )

    class Meta:
        model = Session
        fields = "q state since until".split()

    def search(self, rows: QuerySet[Session], name: str, value: str) -> QuerySet[Session]:
        return rows.filter(course__in=matching(Course, value))
