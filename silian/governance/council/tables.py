"""The council as a list, and those who held its seats before."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Post, SeatRule
from silian.governance.council.models import Seat, Term
from silian.kernel.ui.listing import DateColumn, LinkColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class SeatTable(Table):
    seat = LinkColumn(accessor="pk", order_by=("rank", "number"), verbose_name=_("post"))
    category = tables.Column()
    person = tables.Column(
        accessor="holder", orderable=False, empty_values=(), verbose_name=_("person")
    )
    unit = tables.Column(
        accessor="holder__organisation__name", orderable=False, verbose_name=_("unit")
    )
    start = DateColumn(accessor="holder__start", orderable=False, verbose_name=_("from"))
    end = DateColumn(accessor="holder__end", orderable=False, verbose_name=_("until"))
    how = tables.Column(accessor="holder", orderable=False, verbose_name=_("how"))

    class Meta:
        model = Seat
        fields = ["seat", "category", "person", "unit", "start", "end", "how"]
        sequence = fields

    def render_seat(self, record: Seat) -> Any:
        return format_html(
            '<a href="{}">{}</a>', record.get_absolute_url(), self.value_seat(record)
        )

    def value_seat(self, record: Seat) -> str:
        return record.title

    def render_person(self, value: Term | None) -> str:
        return value.person if value else badge(_("Vacant"), "orange")

    def value_person(self, value: Term | None) -> str:
        return value.person if value else str(_("Vacant"))

    def render_how(self, value: Term) -> Any:
        note = format_html('<div class="small text-secondary">{}</div>', value.basis)
        return format_html("{}{}", value.get_how_display(), note if value.basis else "")

    def value_how(self, value: Term) -> str:
        return " · ".join(filter(None, [value.get_how_display(), value.basis]))


HELD = [("yes", _("Held")), ("no", _("Vacant"))]


class SeatFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    post = filters.ChoiceFilter(choices=Post.choices)
    category = filters.ChoiceFilter(choices=SeatRule.Category.choices)
    held = filters.ChoiceFilter(choices=HELD, method="held_or_not", label=_("holder"))

    class Meta:
        model = Seat
        fields = ["q", "post", "category", "held"]

    def search(self, rows: QuerySet[Seat], name: str, value: str) -> QuerySet[Seat]:
        terms = Term.objects.running().filter(_named(value))
        return rows.filter(pk__in=terms.values("seat"))

    def held_or_not(self, rows: QuerySet[Seat], name: str, value: str) -> QuerySet[Seat]:
        held = Q(pk__in=Term.objects.running().values("seat"))
        return rows.filter(held if value == "yes" else ~held)


class PastTable(Table):
    person = LinkColumn()
    unit = tables.Column(
        accessor="organisation__name", order_by="organisation__name_zh", verbose_name=_("unit")
    )
    post = tables.Column(accessor="seat__get_post_display", order_by="rank", verbose_name=_("post"))
    start = DateColumn()
    end = DateColumn()
    how = tables.Column()
    ended = tables.Column(accessor="why_it_ended", order_by="left", verbose_name=_("why it ended"))

    class Meta:
        model = Term
        fields = ["person", "unit", "post", "start", "end", "how", "ended"]
        sequence = fields


class PastFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    post = filters.ChoiceFilter(field_name="seat__post", choices=Post.choices, label=_("post"))
    left = filters.ChoiceFilter(choices=Term.Left.choices)

    class Meta:
        model = Term
        fields = ["q", "post", "left"]

    def search(self, rows: QuerySet[Term], name: str, value: str) -> QuerySet[Term]:
        return rows.filter(_named(value))


def _named(words: str) -> Q:
    columns = ["person", "organisation__name_zh", "organisation__name_en", "basis"]
    parts = [(f"{column}__icontains", words.strip()) for column in columns]
    return Q(*parts, _connector=Q.OR)
