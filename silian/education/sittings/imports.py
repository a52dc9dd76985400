"""Candidates from a spreadsheet."""

from collections.abc import Iterable, Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.sittings import policy, services
from silian.education.sittings.models import Exam
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import NumberOfPersonField, same_numbers
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


class CandidateRow(forms.Form):
    name = forms.CharField(label=_("full name"), max_length=100)
    id_number = NumberOfPersonField(
        label=_("ID card number"), help_text=_("Kept encrypted and shown masked.")
    )


@register
class Candidates(Sheet[Exam]):
    name = "sittings.candidates"
    title = _("Candidates of an exam")
    lead = _("Who is entered already stays as they are. The file is kept encrypted.")
    row_form = CandidateRow
    sealed = True
    examples = {"name": "李某某"}

    def scope_from(self, text: str) -> Exam | None:
        key = int(text) if text.isdecimal() else 0
        return Exam.objects.select_related("consortium", "organiser").filter(pk=key).first()

    def permitted(self, user: User, scope: Exam) -> Verdict:
        return policy.may_prepare(user, scope)

    def check(self, rows: Sequence[Row], scope: Exam) -> Iterable[Finding]:
        return same_numbers(rows, "id_number")

    def save(self, rows: Sequence[Row], scope: Exam, *, by: User, progress: Progress) -> int:
        entered = services.enter_candidates(scope, [row.data for row in rows], by=by)
        progress(len(rows))
        return entered

    def done_url(self, scope: Exam) -> str:
        return reverse("sittings:candidate_index", args=[scope.consortium, scope.pk])
