"""The catalogues of a consortium, and the entries of one."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import F, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.education.shortages.models import Catalogue, Entry
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class CatalogueTable(Table):
    year = LinkColumn()
    version = NumberColumn()
    short = NumberColumn(verbose_name=_("occupations that are short"))
    formula = tables.Column(
        accessor="formula__version", orderable=False, verbose_name=_("version of the formula")
    )
    published_at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Catalogue
        fields = "year version short formula published_at state".split()


class EntryTable(Table):
    occupation = LinkColumn(accessor="occupation__name", order_by="occupation__code")
    stars = tables.Column(attrs={"td": {"class": "text-nowrap"}})
    level = tables.Column()
    index = NumberColumn()
    demand = NumberColumn()
    graduates = NumberColumn()

    class Meta:
        model = Entry
        fields = "occupation stars level index demand graduates".split()

    def render_stars(self, record: Entry) -> SafeString:
        """Stars as a picture with its number in words."""
        words = _("%(count)s of 5 stars") % {"count": record.stars}
        picture = '<span role="img" aria-label="{}">{}</span>{}'
        mark = format_html(" {}", badge(_("adjusted"), "azure")) if record.adjusted else ""
        return format_html(picture, words, record.shown_stars, mark)

    def value_stars(self, record: Entry) -> int:
        return record.stars

    def render_level(self, record: Entry) -> SafeString:
        return badge(record.get_level_display(), record.level_colour)

    def value_level(self, record: Entry) -> str:
        return str(record.get_level_display())

    def render_index(self, value: float) -> str:
        return f"{value:.2f}"

    def order_index(self, rows: QuerySet[Entry], descending: bool) -> tuple[QuerySet[Entry], bool]:
        """What has no index comes last both ways."""
        index = F("index")
        order = index.desc(nulls_last=True) if descending else index.asc(nulls_last=True)
        return rows.order_by(order, "pk"), True


class EntryFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Occupation or its code"))
    level = filters.ChoiceFilter(choices=Entry.Level.choices)
    least = filters.ChoiceFilter(
        field_name="stars",
        lookup_expr="gte",
        label=_("stars at least"),
        choices=[(n, "★" * n) for n in range(2, 6)],
    )

    class Meta:
        model = Entry
        fields = ["q", "level", "least"]

    def search(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        named = Q(occupation__name_zh__icontains=value) | Q(occupation__name_en__icontains=value)
        return rows.filter(named | Q(occupation__code__startswith=value))
