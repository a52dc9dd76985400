"""Outcomes from a spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.cohorts.models import Cohort
from silian.talent.outcomes import policy, services
from silian.talent.outcomes.entering import clean_outcome
from silian.talent.outcomes.models import Outcome


class OutcomeRow(forms.Form):
    learner = forms.CharField(label=_("number of the learner"), max_length=20)
    moment = forms.ChoiceField(label=_("moment"), choices=Outcome.Moment.choices)
    fate = forms.ChoiceField(label=_("what became of them"), choices=Outcome.Fate.choices)
    source = forms.ChoiceField(label=_("source"), choices=Outcome.Source.choices, required=False)
    on = forms.DateField(label=_("as of"))
    certificates = forms.IntegerField(
        label=_("certificates"), min_value=0, max_value=50, required=False
    )

    def __init__(self, cohort: Cohort) -> None:
        super().__init__()
        learners = cohort.learners.filter(state="completed")
        self.fields["learner"] = LookupField(
            lambda: ((name, one) for one in learners for name in (one.code, str(one.number))),
            label=_("number of the learner"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        clean_outcome(self)
        return data


@register
class Outcomes(Sheet[Cohort]):
    name = "outcomes.outcomes"
    title = _("What became of learners")
    lead = _("One row a learner and moment. What was entered before is brought up to date.")
    row_form = OutcomeRow
    examples = {
        "learner": "C12-01",
        "moment": Outcome.Moment.AT_END,
        "fate": Outcome.Fate.HERE,
        "source": Outcome.Source.CONTRACT,
        "on": date(2026, 7, 1),
        "certificates": 1,
    }

    def scope_from(self, text: str) -> Cohort | None:
        key = int(text) if text.isdecimal() else 0
        rows = Cohort.objects.select_related("consortium", "school", "enterprise")
        return rows.filter(pk=key).first()

    def permitted(self, user: User, scope: Cohort) -> Verdict:
        return policy.may_enter(user, scope)

    def form(self, scope: Cohort) -> forms.Form:
        return OutcomeRow(scope)

    def save(self, rows: Sequence[Row], scope: Cohort, *, by: User, progress: Progress) -> int:
        for moment in Outcome.Moment:
            found = {
                row["learner"].pk: {
                    "fate": row["fate"],
                    "source": row["source"],
                    "on": row["on"],
                    "certificates": row["certificates"] or 0,
                }
                for row in rows
                if row["moment"] == moment
            }
            if found:
                services.enter_outcomes(scope, moment, found, by=by)
        return len(rows)

    def done_url(self, scope: Cohort) -> str:
        return reverse("outcomes:result", args=[scope.consortium, scope.pk])
