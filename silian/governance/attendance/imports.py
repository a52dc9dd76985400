"""Guests from one spreadsheet; units that the directory knows by name are recognised."""

from collections.abc import Iterable, Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.attendance import services
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import may_invite
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


class Guest(forms.Form):
    name = forms.CharField(label=_("full name"), max_length=100)
    unit = forms.CharField(label=_("unit"), max_length=200, required=False)
    title = forms.CharField(label=_("job title"), max_length=100, required=False)
    email = forms.EmailField(label=_("e-mail"), required=False)


@register
class Guests(Sheet[Meeting]):
    name = "attendance.guests"
    title = _("Guests of a meeting")
    lead = _("Each row becomes a guest with a code of their own for the door.")
    row_form = Guest
    examples = {"name": "林白露", "unit": "某某职业学院", "title": "副院长"}

    def scope_from(self, text: str) -> Meeting | None:
        return Meeting.objects.select_related("consortium").filter(pk=int(text)).first()

    def permitted(self, user: User, scope: Meeting) -> Verdict:
        return may_invite(user, scope)

    def check(self, rows: Sequence[Row], scope: Meeting) -> Iterable[Finding]:
        known = scope.attendees.values_list("name", "organisation__name_zh", "affiliation")
        seen = {(name, unit or other) for name, unit, other in known}
        for row in rows:
            who = row["name"], row["unit"]
            if who in seen:
                yield row.number, "name", gettext("This guest is on the list already.")
            seen.add(who)

    def save(self, rows: Sequence[Row], scope: Meeting, *, by: User, progress: Progress) -> int:
        units = {row["unit"] for row in rows}
        known = {unit.name_zh: unit for unit in Organisation.objects.filter(name_zh__in=units)}
        guests = [
            Attendee(
                meeting=scope,
                name=row["name"],
                title=row["title"],
                email=row["email"],
                organisation=known.get(row["unit"]),
                affiliation="" if row["unit"] in known else row["unit"],
            )
            for row in rows
        ]
        return services.add_attendees(scope, guests, by=by)

    def done_url(self, scope: Meeting) -> str:
        return reverse("attendance:attendee_index", args=[scope.consortium, scope.pk])
