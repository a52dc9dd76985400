"""People for an appraisal from a spreadsheet: a firm's, or those whom the office enters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.skillappraisals import policy, services
from silian.education.skillappraisals.models import Appraisal
from silian.education.skillappraisals.people import numbers_in
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import NumberOfPersonField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


@dataclass(frozen=True)
class Group:
    """Who enters people into what; the office does so for nobody."""

    appraisal: Appraisal
    organisation: Organisation | None

    @property
    def text(self) -> str:
        """As the address of the import writes it."""
        return f"{self.appraisal.pk}-{self.organisation.pk if self.organisation else 'office'}"


class PersonRow(forms.Form):
    name = forms.CharField(label=_("full name"), max_length=100)
    number = NumberOfPersonField(label=_("identity number"))
    grounds = forms.CharField(
        label=_("why they may enter"),
        max_length=1000,
        required=False,
        help_text=_("Years in the occupation, an earlier certificate, training."),
    )


@register
class People(Sheet[Group]):
    name = "skillappraisals.people"
    title = _("People for a skill level appraisal")
    lead = _("One row a person. The assessment body checks each. Numbers are kept encrypted.")
    row_form = PersonRow
    examples = {
        "name": "张某某",
        "number": "110101199003077571",
        "grounds": "从事本职业满四年，已取得五级证书",
    }
    sealed = True

    def scope_from(self, text: str) -> Group | None:
        key, _dash, side = text.partition("-")
        rows = Appraisal.objects.select_related("consortium", "organiser", "occupation")
        found = rows.filter(pk=int(key) if key.isdecimal() else 0).first()
        if found is None or side == "office":
            return Group(found, None) if found else None
        firm = Organisation.objects.filter(pk=int(side) if side.isdecimal() else 0).first()
        return Group(found, firm) if firm else None

    def permitted(self, user: User, scope: Group) -> Verdict:
        if scope.organisation is None:
            return policy.may_enter_any(user, scope.appraisal)
        return policy.may_enter_for(user, scope.appraisal, scope.organisation)

    def check(self, rows: Sequence[Row], scope: Group) -> Iterable[Finding]:
        inside = numbers_in(scope.appraisal, scope.organisation)
        seen: set[str] = set()
        for row in rows:
            if row["number"] in seen:
                yield row.number, "number", gettext("This number stands in the list twice.")
            elif row["number"] in inside:
                yield row.number, "number", gettext("You have entered this person already.")
            seen.add(row["number"])

    def save(self, rows: Sequence[Row], scope: Group, *, by: User, progress: Progress) -> int:
        entered = services.enter_many(
            scope.appraisal, scope.organisation, [row.data for row in rows], by=by
        )
        progress(len(rows))
        return entered

    def done_url(self, scope: Group) -> str:
        consortium = scope.appraisal.consortium
        return reverse("skillappraisals:entry_index", args=[consortium, scope.appraisal.pk])
