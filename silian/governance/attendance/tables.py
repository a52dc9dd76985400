"""Who is invited, what they answered and when they came: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.governance.meetings.models import Attendee
from silian.kernel.ui import formats
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table, TickColumn


def page_of(attendee: Attendee) -> str:
    meeting = attendee.meeting
    return reverse("attendance:attendee_detail", args=[meeting.consortium, meeting.pk, attendee.pk])


class AttendeeTable(Table):
    tick = TickColumn("attendee")
    who = LinkColumn(
        accessor="pk",
        to=page_of,
        order_by=("name", "organisation__name_zh"),
        verbose_name=_("full name"),
    )
    unit = tables.Column(order_by=("organisation__name_zh", "affiliation"), verbose_name=_("unit"))
    title = tables.Column()
    votes = NumberColumn()
    reply = tables.Column()
    proxy = tables.Column(
        accessor="proxy__unit", order_by="proxy", verbose_name=_("who votes for it")
    )
    came = tables.Column(accessor="signed_in_at", verbose_name=_("signed in"))
    channel = tables.Column()
    left = tables.Column(accessor="left_at", verbose_name=_("left"))
    code = tables.Column(visible=False)

    class Meta:
        model = Attendee
        fields = "tick who unit title votes reply proxy came channel left".split()
        sequence = fields

    def render_who(self, record: Attendee) -> SafeString:
        return format_html('<a href="{}">{}</a>', page_of(record), record)

    def value_who(self, record: Attendee) -> str:
        return str(record)

    def render_came(self, value: Any) -> str:
        return formats.moment(value)

    render_left = render_came

    def value_came(self, value: Any) -> Any:
        return value

    value_left = value_came


class ClosedTable(AttendeeTable):
    """The same where nobody can be signed in."""

    class Meta(AttendeeTable.Meta):
        exclude = ["tick"]


class AttendeeFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name, unit or code"))
    kind = filters.ChoiceFilter(
        choices=[("voting", _("With a vote")), ("guest", _("Guests"))],
        method="of_kind",
        label=_("kind"),
    )
    reply = filters.ChoiceFilter(choices=Attendee.Reply.choices)
    presence = filters.ChoiceFilter(
        choices=[("here", _("Here")), ("left", _("Has left")), ("absent", _("Not signed in"))],
        method="who_is",
        label=_("presence"),
    )
    channel = filters.ChoiceFilter(choices=Attendee.Channel.choices)

    class Meta:
        model = Attendee
        fields = ["q", "kind", "reply", "presence", "channel"]

    def search(self, rows: QuerySet[Attendee], name: str, value: str) -> QuerySet[Attendee]:
        columns = "name affiliation title organisation__name_zh organisation__name_en".split()
        parts = [(f"{column}__icontains", value.strip()) for column in columns]
        return rows.filter(Q(*parts, ("code", value.strip().upper()), _connector=Q.OR))

    def of_kind(self, rows: QuerySet[Attendee], name: str, value: str) -> QuerySet[Attendee]:
        return rows.filter(votes__gt=0) if value == "voting" else rows.filter(votes=0)

    def who_is(self, rows: QuerySet[Attendee], name: str, value: str) -> QuerySet[Attendee]:
        return {
            "here": rows.filter(signed_in_at__isnull=False, left_at=None),
            "left": rows.filter(left_at__isnull=False),
            "absent": rows.filter(signed_in_at=None),
        }[value]
