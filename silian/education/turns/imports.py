"""Candidates from a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.examiners.policy import members_of
from silian.education.practicals import policy, services
from silian.education.practicals.models import Practical
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField, NumberOfPersonField, same_numbers
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


class EntrantRow(forms.Form):
    name = forms.CharField(label=_("full name"), max_length=100)
    id_number = NumberOfPersonField(
        label=_("ID card number"), help_text=_("Kept encrypted and shown masked.")
    )

    def __init__(self, consortium: Consortium) -> None:
        super().__init__()
        self.consortium = consortium
        help_text = _("A member, by its name. Its own examiners do not judge this candidate.")
        self.fields["organisation"] = LookupField(
            self.members, label=_("entered for"), required=False, help_text=help_text
        )

    def members(self) -> Iterable[tuple[str, Any]]:
        for one in members_of(self.consortium):
            yield from ((name, one) for name in (one.name_zh, one.name_en) if name)


@register
class Entrants(Sheet[Practical]):
    name = "turns.entrants"
    title = _("Candidates of a practical exam")
    lead = _("Who is entered already stays as they are. The file is kept encrypted.")
    row_form = EntrantRow
    sealed = True
    examples = {"name": "李某某", "organisation": "某某职业技术学院"}

    def scope_from(self, text: str) -> Practical | None:
        key = int(text) if text.isdecimal() else 0
        rows = Practical.objects.select_related("consortium", "organiser")
        return rows.filter(pk=key).first()

    def permitted(self, user: User, scope: Practical) -> Verdict:
        return policy.may_prepare(user, scope)

    def form(self, scope: Practical) -> EntrantRow:
        return EntrantRow(scope.consortium)

    def check(self, rows: Sequence[Row], scope: Practical) -> Iterable[Finding]:
        return same_numbers(rows, "id_number")

    def save(self, rows: Sequence[Row], scope: Practical, *, by: User, progress: Progress) -> int:
        entered = services.enter_named(scope, [row.data for row in rows], by=by)
        progress(len(rows))
        return entered

    def done_url(self, scope: Practical) -> str:
        return reverse("turns:entrant_index", args=[scope.consortium, scope.pk])
