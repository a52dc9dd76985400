"""Figures of an earlier year, from a spreadsheet, into a draft that names their source."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.industry.releases import policy, services
from silian.industry.releases.models import Line, Release
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict

QUARTILES = ["pay_lower", "pay_median", "pay_upper"]


def occupations() -> Iterable[tuple[str, Code]]:
    for code in Code.objects.current(CodeList.Kind.OCCUPATION).order_by("-level"):
        yield code.name_zh, code
        yield code.code, code


class LineRow(forms.Form):
    occupation = LookupField(occupations, label=_("occupation"))
    places = forms.IntegerField(label=_("head count"), min_value=0)
    firms = forms.IntegerField(label=_("employers"), min_value=0, required=False)
    positions = forms.IntegerField(label=_("positions"), min_value=0, required=False)
    pay_lower = forms.IntegerField(label=_("lower quartile of pay"), min_value=0, required=False)
    pay_median = forms.IntegerField(label=_("median pay"), min_value=0, required=False)
    pay_upper = forms.IntegerField(label=_("upper quartile of pay"), min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pay = [data.get(name) for name in QUARTILES]
        known = [amount for amount in pay if amount is not None]
        if known and (len(known) < len(pay) or known != sorted(known)):
            self.add_error("pay_median", _("Give all three quartiles in order, or none."))
        return data


@register
class ReleaseLines(Sheet[Release]):
    name = "releases.lines"
    title = _("Demand of an earlier year")
    lead = _("Each row is one occupation. The rows replace what the draft holds.")
    row_form = LineRow
    examples = {"occupation": "6-12-03-00", "places": 120, "firms": 14, "positions": 30}

    def scope_from(self, text: str) -> Release | None:
        return Release.objects.filter(pk=text).first() if text.isdigit() else None

    def permitted(self, user: User, scope: Release) -> Verdict:
        return policy.may_prepare(user, scope.consortium)

    def check(self, rows: Sequence[Row], scope: Release) -> Iterable[Finding]:
        seen: set[int] = set()
        for row in rows:
            if row["occupation"].pk in seen:
                yield row.number, "occupation", str(_("This occupation stands here twice."))
            seen.add(row["occupation"].pk)
        if scope.state != Release.State.DRAFT:
            yield 0, "", str(_("The release is not in such a state."))

    def save(self, rows: Sequence[Row], scope: Release, *, by: User, progress: Progress) -> int:
        services.fill_release(scope, [Line(**row.data) for row in rows], by=by)
        progress(len(rows))
        return len(rows)

    def done_url(self, scope: Release) -> str:
        return scope.get_absolute_url()
