"""An employer's scores from a spreadsheet: the highest is ranked first."""

from collections.abc import Iterable, Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes import policy, ranking


class ScoreRow(forms.Form):
    applicant = forms.IntegerField(label=_("applicant no."))
    name = forms.CharField(label=_("full name"), max_length=100, required=False)
    score = forms.DecimalField(label=_("score"), max_digits=8, decimal_places=2)


@register
class Scores(Sheet[Seat]):
    name = "wishes.scores"
    title = _("Scores of applicants")
    lead = _(
        "The export of your applicants, with a score for each: the highest is ranked first, equals"
        " by points. It replaces the ranking; whoever is not listed stays unranked. Where the rule"
        " weighs scores, they count as they are, from 0 to 100."
    )
    row_form = ScoreRow
    examples = {"applicant": 1024, "name": "李某某", "score": 88.5}

    def scope_from(self, text: str) -> Seat | None:
        seats = Seat.objects.select_related("round__consortium", "position__organisation")
        return seats.filter(pk=text).first() if text.isdigit() else None

    def permitted(self, user: User, scope: Seat) -> Verdict:
        return policy.may_rank(user, scope)

    def check(self, rows: Sequence[Row], scope: Seat) -> Iterable[Finding]:
        known = set(scope.wishes.filter(barred="", refused=False).values_list("pk", flat=True))
        seen: set[int] = set()
        weighed = scope.round.rule == Round.Rule.WEIGHTED
        for row in rows:
            if weighed and not 0 <= row["score"] <= 100:
                yield row.number, "score", str(_("From 0 to 100."))
            if row["applicant"] not in known:
                yield row.number, "applicant", str(_("Nobody with this number applied here."))
            if row["applicant"] in seen:
                yield row.number, "applicant", str(_("This number is given twice."))
            seen.add(row["applicant"])

    def save(self, rows: Sequence[Row], scope: Seat, *, by: User, progress: Progress) -> int:
        scores = {row["applicant"]: row["score"] for row in rows}
        version = Seat.objects.get(pk=scope.pk).version
        weighed = scope.round.rule == Round.Rule.WEIGHTED
        take = ranking.score_applicants if weighed else ranking.rank_by_scores
        take(scope, scores, version=version, by=by)
        progress(len(rows))
        return len(rows)

    def done_url(self, scope: Seat) -> str:
        found = scope.round
        return reverse("wishes:seat_applicants", args=[found.consortium, found.pk, scope.pk])
