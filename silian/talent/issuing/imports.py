"""Candidates from a spreadsheet, with the columns that the family of the batch has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel import vault
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.issuing import policy, services
from silian.talent.issuing.models import Batch
from silian.talent.issuing.rows import CandidateRow

Listed = tuple[str | None, str, str]


@register
class Candidates(Sheet[Batch]):
    name = "issuing.candidates"
    title = _("Candidates for certificates")
    lead = _(
        "Who is to get a certificate. The file is kept encrypted; ID card numbers are masked "
        "wherever it is shown."
    )
    row_form = CandidateRow
    sealed = True
    examples: Mapping[str, Any] = {
        "name": "李某某",
        "on": "2026-06-18",
        "level": "",
        "hours": 40,
        "event_zh": "济南市第三届职业技能大赛数控车赛项",
    }

    def scope_from(self, text: str) -> Batch | None:
        rows = Batch.objects.select_related("consortium", "kind__issuer")
        return rows.filter(pk=int(text) if text.isdecimal() else 0).first()

    def permitted(self, user: User, scope: Batch) -> Verdict:
        return policy.may_edit(user, scope)

    def form(self, scope: Batch) -> forms.Form:
        return CandidateRow(scope)

    def check(self, rows: Sequence[Row], scope: Batch) -> Iterable[Finding]:
        """Nobody stands twice on a list with the same level and occasion."""
        listed = scope.candidates.values_list("person__id_digest", "level", "event_zh")
        seen: set[Listed] = set(listed)
        for row in rows:
            rest = (row.data.get("level") or "", row.data.get("event_zh") or "")
            keys = {(digest, *rest) for digest in vault.digests(row["id_number"])}
            if keys & seen:
                yield row.number, "id_number", gettext("This person is on the list already.")
            seen |= keys

    def save(self, rows: Sequence[Row], scope: Batch, *, by: User, progress: Progress) -> int:
        found = [row.data for row in rows]
        return services.add_candidates(scope, found, by=by, progress=progress)

    def done_url(self, scope: Batch) -> str:
        return reverse("issuing:batch_detail", args=[scope.consortium, scope.pk])
