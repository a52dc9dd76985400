"""The people of a body from one spreadsheet, such as a committee of twenty."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies import policy, services
from silian.governance.bodies.models import Appointment, Body
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


class PersonRow(forms.Form):
    """``body`` tells which roles there are."""

    name = forms.CharField(label=_("full name"), max_length=100)
    role = LookupField(lambda: [], label=_("serves as"))
    unit = forms.CharField(label=_("unit"), max_length=200, required=False)
    title = forms.CharField(label=_("job title"), max_length=100, required=False)
    start = forms.DateField(label=_("from"), required=False)
    end = forms.DateField(label=_("until"), required=False)
    letter_number = forms.CharField(label=_("number of the letter"), max_length=60, required=False)
    hidden = forms.BooleanField(label=_("not named in public"), required=False)

    def __init__(self, body: Body | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = list(body.kind.roles.all()) if body else []
        names = [(name, r) for r in roles for name in (r.name_zh, r.name_en) if name]
        self.fields["role"].entries = lambda: names  # type: ignore[attr-defined]


@register
class People(Sheet[Body]):
    name = "bodies.people"
    title = _("People of a body")
    lead = _(
        "Each row appoints somebody. A unit that the directory knows by this name is linked to it."
    )
    row_form = PersonRow
    examples = {
        "name": "张某某",
        "role": "委员",
        "unit": "某某职业技术学院",
        "title": "教授",
        "start": "2026-01-01",
        "letter_number": "聘字〔2026〕1号",
    }

    def scope_from(self, text: str) -> Body | None:
        rows = Body.objects.select_related("consortium", "kind", "host")
        return rows.filter(pk=text).first() if text.isdecimal() and len(text) < 18 else None

    def permitted(self, user: User, scope: Body) -> Verdict:
        return policy.may_appoint(user, scope)

    def form(self, scope: Body) -> forms.Form:
        return PersonRow(scope)

    def check(self, rows: Sequence[Row], scope: Body) -> Iterable[Finding]:
        seen: list[Appointment] = []
        for row in rows:
            new = self.appointment(row, scope)
            if new.end and new.end <= new.start:
                yield row.number, "end", gettext("It ends before it starts.")
                continue
            fault = policy.clash(new, name=new.name, role=new.role, start=new.start, end=new.end)
            if fault:
                yield row.number, *fault
            elif any(_meet(new, other) for other in seen):
                yield row.number, "name", gettext("Another row has this person or this role.")
            seen.append(new)

    def save(self, rows: Sequence[Row], scope: Body, *, by: User, progress: Progress) -> int:
        names = {row["unit"] for row in rows}
        found = Organisation.objects.filter(Q(name_zh__in=names) | Q(short_name_zh__in=names))
        known = {name: one for one in found for name in (one.short_name_zh, one.name_zh)}
        for done, row in enumerate(rows, start=1):
            new = self.appointment(row, scope)
            new.organisation = known.get(row["unit"])
            new.unit = "" if new.organisation else row["unit"]
            services.appoint(new, by=by)
            progress(done)
        return len(rows)

    def appointment(self, row: Row, scope: Body) -> Appointment:
        columns = "name role title end letter_number hidden".split()
        facts = {name: row[name] for name in columns}
        return Appointment(body=scope, start=row["start"] or clock.today(), **facts)

    def done_url(self, scope: Body) -> str:
        return reverse("bodies:people", args=[scope.consortium, scope.pk])


def _meet(one: Appointment, other: Appointment) -> bool:
    """Do both have one role on one day, as one person or although it is for one alone?"""
    same = one.role == other.role and (one.name == other.name or one.role.sole)
    days = one.runs_on(max(one.start, other.start)) and other.runs_on(max(one.start, other.start))
    return same and days
