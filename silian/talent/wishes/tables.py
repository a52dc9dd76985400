"""The positions a student can choose from: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.kernel.codes.models import Code
from silian.kernel.ui import formats
from silian.kernel.ui.listing import NumberColumn, Table
from silian.kernel.ui.templatetags.ui import badge
from silian.talent.rounds.columns import (
    SeatSearch,
    employer_column,
    position_column,
    position_of,
    region_column,
)
from silian.talent.rounds.models import Seat
from silian.talent.wishes.models import Wish


def applicants_of(seat: Seat) -> str:
    place = [seat.round.consortium, seat.round_id, seat.pk]
    return reverse("wishes:seat_applicants", args=place)


class ChoiceTable(Table):
    position = position_column(to=position_of)
    employer = employer_column()
    region = region_column()
    pay = tables.Column(
        accessor="position__pay_high", order_by="-position__pay_high", verbose_name=_("monthly pay")
    )
    quota = NumberColumn()
    choose = tables.Column(
        accessor="pk", orderable=False, verbose_name="", exclude_from_export=True
    )

    class Meta:
        model = Seat
        fields = "position employer region pay quota choose".split()
        sequence = fields

    chosen: frozenset[int] = frozenset()  # seats in the reader's list
    may_add = False

    def render_pay(self, record: Seat) -> str:
        ends = (record.position.pay_low, record.position.pay_high)
        return " – ".join(formats.money(end) for end in dict.fromkeys(ends) if end is not None)

    value_pay = render_pay

    def render_choose(self, record: Seat) -> SafeString | str:
        """A button of the form that stands outside the table, or why there is none."""
        if record.pk in self.chosen:
            return format_html('<span class="text-secondary">{}</span>', gettext("In your list"))
        if why_not := getattr(record, "why_not", ""):
            return format_html('<span class="text-secondary small">{}</span>', why_not)
        if not self.may_add:
            return ""
        return format_html(
            '<button class="btn btn-sm" type="submit" form="add-wish" name="seat" value="{}"'
            ' aria-label="{}">{}</button>',
            record.pk,
            gettext("Add %(position)s") % {"position": record.position},
            gettext("Add"),
        )


class ApplicantTable(Table):
    """Those who applied to one seat, as a file; the first column is what a score sheet names."""

    applicant = tables.Column(accessor="pk", verbose_name=_("applicant no."))
    name = tables.Column(accessor="called", orderable=False, verbose_name=_("full name"))
    score = tables.Column(empty_values=(), verbose_name=_("score"))
    school = tables.Column(accessor="list__student__school__name", verbose_name=_("school"))
    programme = tables.Column(
        accessor="list__student__programme__name", verbose_name=_("programme")
    )
    points = NumberColumn(accessor="list__points", verbose_name=_("points"))
    rank = tables.Column()
    refused_why = tables.Column()

    class Meta:
        model = Wish
        fields = "applicant name score school programme points rank refused_why".split()
        sequence = fields

    def render_score(self) -> str:
        """Left empty, for the employer to fill in."""
        return ""

    value_score = render_score

    def render_school(self, value: str, record: Wish) -> str:
        return value if record.named else ""  # type: ignore[attr-defined]  # annotated by policy

    value_school = render_school


class OwnSeatTable(Table):
    """An employer's seats in a round: what is stated at each, and what is still to be said."""

    position = position_column(to=applicants_of)
    employer = employer_column()
    quota = NumberColumn()
    applicants = NumberColumn(verbose_name=_("applicants"))
    ranked = NumberColumn(verbose_name=_("ranked"))
    ranking = tables.Column(
        accessor="ranking_done", order_by="ranking_done", verbose_name=_("ranking")
    )

    class Meta:
        model = Seat
        fields = "position employer quota applicants ranked ranking".split()
        sequence = fields

    def render_ranking(self, record: Seat) -> SafeString | str:
        if not record.round.asks_employers:
            return gettext("not needed")
        return (
            badge(gettext("Handed in"), "green") if record.ranking_done else badge(gettext("Open"))
        )

    def value_ranking(self, record: Seat) -> str:
        return gettext("Handed in") if record.ranking_done else gettext("Open")


class SeatFilter(filters.FilterSet):
    q = SeatSearch()
    done = filters.TypedChoiceFilter(
        field_name="ranking_done",
        choices=[("true", _("Yes")), ("false", _("No"))],
        coerce=lambda value: value == "true",
        label=_("ranking handed in"),
    )

    class Meta:
        model = Seat
        fields = ["q", "done"]


class ChoiceFilter(filters.FilterSet):
    q = SeatSearch()
    region = filters.ModelChoiceFilter(
        field_name="position__region", queryset=Code.objects.none(), label=_("region")
    )
    employer = filters.ModelChoiceFilter(
        field_name="position__organisation",
        queryset=Organisation.objects.none(),
        label=_("employer"),
    )
    pay = filters.NumberFilter(
        field_name="position__pay_high", lookup_expr="gte", label=_("monthly pay at least")
    )

    class Meta:
        model = Seat
        fields = ["q", "region", "employer", "pay"]

    def __init__(self, data: Any, queryset: QuerySet[Seat], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        positions = Position.objects.filter(seats__in=queryset.values("pk"))
        regions = Code.objects.filter(pk__in=positions.values("region"))
        employers = Organisation.objects.filter(pk__in=positions.values("organisation"))
        self.filters["region"].queryset = regions
        self.filters["employer"].queryset = employers
