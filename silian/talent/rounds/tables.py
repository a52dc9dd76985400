"""Rounds, and the seats of one round: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.forms import Form
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.codes.models import Code
from silian.kernel.ui import formats
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.talent.rounds.columns import (
    SeatSearch,
    employer_column,
    position_column,
    position_of,
    region_column,
)
from silian.talent.rounds.models import Round, Seat


class RoundTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("round"))
    kind = tables.Column()
    graduates = tables.Column(verbose_name=_("graduates"))
    places = NumberColumn(verbose_name=_("places"))
    wishes_from = DateColumn()
    wishes_until = DateColumn()
    state = StateColumn()

    class Meta:
        model = Round
        fields = "title kind graduates places wishes_from wishes_until state".split()
        sequence = fields


class RoundFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title"))
    kind = filters.ChoiceFilter(choices=Position.Kind.choices)
    state = filters.ChoiceFilter(choices=Round.State.choices)

    class Meta:
        model = Round
        fields = ["q", "kind", "state"]

    def search(self, rows: QuerySet[Round], name: str, value: str) -> QuerySet[Round]:
        return rows.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value))


class SeatTable(Table):
    position = position_column(to=position_of)
    employer = employer_column()
    region = region_column()
    quota = NumberColumn()
    minimum = NumberColumn()
    wished = NumberColumn(verbose_name=_("wishes stated"))

    class Meta:
        model = Seat
        fields = "position employer region quota minimum wished".split()
        sequence = fields

    def render_minimum(self, value: int) -> str:
        return formats.number(value) if value else ""


class SeatFilter(filters.FilterSet):
    q = SeatSearch()

    class Meta:
        model = Seat
        fields = ["q"]


class CandidateTable(Table):
    """Positions that can take part in a round. As a file it is what the sheet of seats reads."""

    position = LinkColumn(accessor="title", order_by="title_zh", verbose_name=_("position"))
    employer = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("employer")
    )
    region = tables.Column(accessor="region__name", order_by="region__code")
    number = tables.Column(accessor="pk", verbose_name=_("position no."))
    places = NumberColumn(verbose_name=_("head count"))
    quota = tables.Column(empty_values=(), verbose_name=_("quota"))
    minimum = tables.Column(empty_values=(), verbose_name=_("runs only with"))

    class Meta:
        model = Position
        fields = "position employer region number places quota minimum".split()
        sequence = fields

    form: Form | None = None  # of the rows that are shown

    def render_quota(self, record: Position) -> SafeString | str:
        return self._asked(f"quota_{record.pk}")

    def render_minimum(self, record: Position) -> SafeString | str:
        return self._asked(f"minimum_{record.pk}")

    def value_quota(self, record: Position) -> Any:
        return getattr(record, "quota", None)

    def value_minimum(self, record: Position) -> Any:
        return getattr(record, "minimum", None) or None

    def _asked(self, name: str) -> SafeString | str:
        """The field, with what is wrong below it."""
        if self.form is None:
            return ""
        field, below = self.form[name], '<div class="invalid-feedback d-block">{}</div>'
        return format_html(
            "{}{}", field, format_html_join("", below, ((it,) for it in field.errors))
        )


class CandidateFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Position or employer"))
    chosen = filters.ChoiceFilter(
        method="taking_part", choices=[("yes", _("Yes")), ("no", _("No"))], label=_("takes part")
    )
    region = filters.ModelChoiceFilter(queryset=Code.objects.none(), label=_("region"))

    class Meta:
        model = Position
        fields = ["q", "chosen", "region"]

    def __init__(self, data: Any, queryset: QuerySet[Position], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        regions = queryset.order_by().values("region")
        self.filters["region"].queryset = Code.objects.filter(pk__in=regions)

    def taking_part(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(quota__isnull=value == "no")

    def search(self, rows: QuerySet[Position], name: str, value: str) -> QuerySet[Position]:
        names = ("title_zh", "title_en", "organisation__name_zh", "organisation__name_en")
        return rows.filter(Q(*((f"{it}__icontains", value) for it in names), _connector=Q.OR))
