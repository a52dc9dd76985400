"""Marks of the office from a spreadsheet, by the number of the entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.panels import policy, services
from silian.education.panels.marks import MarkField
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


@dataclass(frozen=True)
class Part:
    """A part of an appraisal; its text stands in the address."""

    appraisal: Appraisal
    name: str

    @property
    def text(self) -> str:
        return f"{self.appraisal.pk}-{self.name}"

    def entries(self) -> Iterable[tuple[str, Entry]]:
        return ((entry.number, entry) for entry in policy.taking(self.appraisal, self.name))


class MarkRow(forms.Form):
    def __init__(self, part: Part | None = None) -> None:
        super().__init__()
        self.fields["entry"] = LookupField(
            part.entries if part else list, label=_("number of the entry"), max_length=24
        )
        self.fields["mark"] = (
            MarkField.of(part.appraisal, part.name) if part else MarkField(judged=False)
        )


@register
class Marks(Sheet[Part]):
    name = "panels.marks"
    title = _("Marks of a part")
    lead = _("One row a candidate. A second person checks them before they count.")
    row_form = MarkRow
    examples = {"entry": "202600012004711", "mark": "86"}

    def scope_from(self, text: str) -> Part | None:
        key, _dash, name = text.partition("-")
        rows = Appraisal.objects.select_related("consortium", "organiser", "occupation")
        found = rows.filter(pk=int(key) if key.isdecimal() else 0).first()
        if found is None or name not in policy.office_parts(found):
            return None
        return Part(found, name)

    def permitted(self, user: User, scope: Part) -> Verdict:
        own = policy.may_give(user, scope.appraisal)
        if own and scope.appraisal.is_told:
            return Verdict(gettext("Results are published: marks are corrected one by one."))
        return own

    def form(self, scope: Part) -> forms.Form:
        return MarkRow(scope)

    def check(self, rows: Sequence[Row], scope: Part) -> Iterable[Finding]:
        seen: set[int] = set()
        for row in rows:
            if row["entry"].pk in seen:
                yield row.number, "entry", gettext("This number stands in the list twice.")
            seen.add(row["entry"].pk)

    def save(self, rows: Sequence[Row], scope: Part, *, by: User, progress: Progress) -> int:
        marks = [(row["entry"], row["mark"]) for row in rows]
        services.give(scope.appraisal, scope.name, marks, by=by)
        progress(len(rows))
        return len(rows)

    def done_url(self, scope: Part) -> str:
        consortium = scope.appraisal.consortium
        return reverse("panels:part", args=[consortium, scope.appraisal.pk, scope.name])
