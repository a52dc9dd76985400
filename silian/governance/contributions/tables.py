"""The ledger, the pledges and the members' statements: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.governance.commitments.policy import signed_here
from silian.governance.contributions.measures import Kind
from silian.governance.contributions.models import Entry, Pledge
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class LedgerTable(Table):
    """What pledges and entries show alike."""

    kind = tables.Column()
    giver = tables.Column(
        accessor="giver__name", order_by="giver__name_zh", verbose_name=_("giver")
    )
    receiver = tables.Column(
        accessor="receiver__name", order_by="receiver__name_zh", verbose_name=_("receiver")
    )
    amount = NumberColumn()
    unit = tables.Column()


class EntryTable(LedgerTable):
    text = LinkColumn(order_by="text", verbose_name=_("what was given"))
    on = DateColumn()
    state = StateColumn(orderable=False, accessor="state", verbose_name=_("state"))

    class Meta:
        model = Entry
        fields = ["on", "text", "kind", "giver", "receiver", "amount", "unit", "state"]
        sequence = fields


class PledgeTable(LedgerTable):
    text = LinkColumn(order_by="text_zh", verbose_name=_("what was given"))
    due = DateColumn()
    delivered = NumberColumn(verbose_name=_("confirmed"))
    share = NumberColumn(orderable=False, verbose_name=_("share, %"))
    state = StateColumn()

    class Meta:
        model = Pledge
        fields = """text kind giver receiver amount unit delivered share due state""".split()
        sequence = fields


class MemberTable(Table):
    name = tables.Column(order_by="name_zh", verbose_name=_("organisation"))
    kind = tables.Column()

    class Meta:
        model = Organisation
        fields = ["name", "kind"]
        sequence = fields

    def render_name(self, value: str, record: Organisation) -> SafeString:
        """Leads to this year's statement in the consortium whose page it is."""
        consortium = self.request.resolver_match.kwargs["consortium"]
        year = clock.today().year
        address = reverse("contributions:statement", args=[consortium, record.pk, year])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_name(self, value: str) -> str:
        return value


class LedgerFilter(filters.FilterSet):
    """``q`` looks for what was given and for either side."""

    q = filters.CharFilter(method="search", label=_("What or who"))
    kind = filters.ChoiceFilter(choices=Kind.choices)
    agreement = filters.ModelChoiceFilter(queryset=signed_here, label=_("agreement"))
    texts = ["text"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        words = value.strip()
        columns = [*self.texts, *"giver__name_zh giver__name_en receiver__name_zh".split()]
        found = Q(*((f"{column}__icontains", words) for column in columns))
        found.connector = Q.OR
        return rows.filter(found)


class EntryFilter(LedgerFilter):
    state = filters.ChoiceFilter(
        choices=[
            ("waiting", _("Awaiting confirmation")),
            ("confirmed", _("Confirmed")),
            ("objected", _("Objected to")),
        ],
        method="in_state",
        label=_("state"),
    )
    year = filters.NumberFilter(
        field_name="on__year", label=_("year"), min_value=1900, max_value=9999
    )

    class Meta:
        model = Entry
        fields = ["q", "kind", "state", "year", "agreement"]

    def in_state(self, rows: Any, name: str, value: str) -> QuerySet[Entry]:
        found: QuerySet[Entry] = getattr(rows, value)()
        return found


class PledgeFilter(LedgerFilter):
    late = filters.ChoiceFilter(
        choices=[("overdue", _("Overdue"))], method="overdue", label=_("day")
    )
    state = filters.ChoiceFilter(choices=Pledge.State.choices)
    texts = ["text_zh", "text_en"]

    class Meta:
        model = Pledge
        fields = ["q", "kind", "state", "late", "agreement"]

    def overdue(self, rows: Any, name: str, value: str) -> QuerySet[Pledge]:
        return rows.overdue()  # type: ignore[no-any-return]


class MemberFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name_zh", lookup_expr="icontains", label=_("Name"))
    kind = filters.ChoiceFilter(choices=Organisation.Kind.choices)

    class Meta:
        model = Organisation
        fields = ["q", "kind"]
