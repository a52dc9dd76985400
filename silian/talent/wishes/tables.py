"""The positions a student can choose from: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.kernel.codes.models import Code
from silian.kernel.ui import formats
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table
from silian.talent.rounds.models import Seat
from silian.talent.wishes.models import Wish


def position_of(seat: Seat) -> str:
    return reverse("demand:position_detail", args=[seat.round.consortium, seat.position_id])


class ChoiceTable(Table):
    position = LinkColumn(
        accessor="position__title",
        to=position_of,
        order_by="position__title_zh",
        verbose_name=_("position"),
    )
    employer = tables.Column(
        accessor="position__organisation__name",
        order_by="position__organisation__name_zh",
        verbose_name=_("employer"),
    )
    region = tables.Column(
        accessor="position__region__name",
        order_by="position__region__code",
        verbose_name=_("region"),
    )
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
        """A button of the form that stands outside the table."""
        if record.pk in self.chosen:
            return format_html('<span class="text-secondary">{}</span>', gettext("In your list"))
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
    name = tables.Column(accessor="list__student__name", verbose_name=_("full name"))
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


class ChoiceFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Position or employer"))
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

    def search(self, rows: QuerySet[Seat], name: str, value: str) -> QuerySet[Seat]:
        found = Q()
        for path in ("position__title", "position__organisation__name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        return rows.filter(found)
