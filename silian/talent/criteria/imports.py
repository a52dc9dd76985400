"""Scores of a criterion from a spreadsheet: one row a student."""

from collections.abc import Iterable, Sequence

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Membership
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.criteria import policy, services
from silian.talent.criteria.models import Criterion
from silian.talent.profiles.models import Student


class CriterionScoreRow(forms.Form):
    school = forms.CharField(label=_("school"), max_length=200)
    number = forms.CharField(label=_("student number"), max_length=30)
    score = forms.DecimalField(
        label=_("score"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )


@register
class CriterionScores(Sheet[Criterion]):
    name = "criteria.scores"
    title = _("Scores in a criterion")
    lead = _("One row a student. A score that is there already is replaced; others stay.")
    row_form = CriterionScoreRow
    examples = {"school": "济南工程职业技术学院", "number": "2024010101", "score": 88.5}

    def scope_from(self, text: str) -> Criterion | None:
        rows = Criterion.objects.select_related("round__consortium")
        return rows.filter(pk=text).first() if text.isdigit() else None

    def permitted(self, user: User, scope: Criterion) -> Verdict:
        return policy.may_bring_scores(user, scope)

    def check(self, rows: Sequence[Row], scope: Criterion) -> Iterable[Finding]:
        known, seen = _students(rows, scope), set()
        for row in rows:
            named = (row["school"], row["number"])
            if named not in known:
                told = _("No student of a member school has this number.")
                yield row.number, "number", str(told)
            if named in seen:
                yield row.number, "number", str(_("This number is given twice."))
            seen.add(named)

    def save(self, rows: Sequence[Row], scope: Criterion, *, by: User, progress: Progress) -> int:
        known = _students(rows, scope)
        values = {known[row["school"], row["number"]]: row["score"] for row in rows}
        count = services.bring_scores(scope, values, by=by)
        progress(len(rows))
        return count

    def done_url(self, scope: Criterion) -> str:
        return reverse("criteria:rules", args=[scope.round.consortium, scope.round_id])


def _students(rows: Sequence[Row], scope: Criterion) -> dict[tuple[str, str], int]:
    """The key of each student named in ``rows``, by school and number."""
    members = Membership.objects.current().filter(consortium=scope.round.consortium_id)
    named: QuerySet[Student] = Student.objects.filter(
        school__in=members.values("organisation"), number__in={row["number"] for row in rows}
    )
    facts = named.values_list("school__name_zh", "number", "pk")
    return {(school, number): pk for school, number, pk in facts}
