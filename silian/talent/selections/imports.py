"""Learners and scores of interviews from spreadsheets."""

from collections.abc import Iterable, Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.cohorts.models import Cohort
from silian.talent.profiles.models import Student
from silian.talent.selections import policy, services


def cohort_from(text: str) -> Cohort | None:
    key = int(text) if text.isdecimal() else 0
    return (
        Cohort.objects.select_related("consortium", "school", "enterprise").filter(pk=key).first()
    )


def desk_of(cohort: Cohort) -> str:
    return reverse("selections:desk", args=[cohort.consortium, cohort.pk])


class LearnerRow(forms.Form):
    number = forms.CharField(label=_("student number"), max_length=30)

    def __init__(self, cohort: Cohort) -> None:
        super().__init__()
        students = cohort.school.students.filter(state=Student.State.ENROLLED)
        self.fields["number"] = LookupField(
            lambda: ((student.number, student) for student in students), label=_("student number")
        )


@register
class Learners(Sheet[Cohort]):
    name = "selections.learners"
    title = _("Learners of a cohort")
    lead = _(
        "The students of a class, by their student numbers. The enterprise agrees with the list."
    )
    row_form = LearnerRow
    examples = {"number": "2024460103001"}

    def scope_from(self, text: str) -> Cohort | None:
        return cohort_from(text)

    def permitted(self, user: User, scope: Cohort) -> Verdict:
        return policy.may_enter(user, scope)

    def form(self, scope: Cohort) -> forms.Form:
        return LearnerRow(scope)

    def check(self, rows: Sequence[Row], scope: Cohort) -> Iterable[Finding]:
        known = set(scope.learners.values_list("student", flat=True))
        seen: set[int] = set()
        for row in rows:
            key = row["number"].pk
            if key in known or key in seen:
                yield row.number, "number", gettext("This student is on the list already.")
            seen.add(key)

    def save(self, rows: Sequence[Row], scope: Cohort, *, by: User, progress: Progress) -> int:
        return services.enter_learners(scope, [row["number"] for row in rows], by=by)

    def done_url(self, scope: Cohort) -> str:
        return desk_of(scope)


class ScoreRow(forms.Form):
    learner = forms.CharField(label=_("number of the applicant"), max_length=20)
    score = forms.DecimalField(label=_("score"), min_value=0, max_value=100, decimal_places=2)
    note = forms.CharField(label=_("remark"), max_length=300, required=False)

    def __init__(self, cohort: Cohort) -> None:
        super().__init__()
        learners = cohort.learners.filter(state="applied")
        self.fields["learner"] = LookupField(
            lambda: ((name, one) for one in learners for name in (one.code, str(one.number))),
            label=_("number of the applicant"),
        )


@register
class Scores(Sheet[Cohort]):
    name = "selections.scores"
    title = _("Scores of interviews")
    lead = _("One row an applicant, by the number that stands on the list; no names are needed.")
    row_form = ScoreRow
    examples = {"learner": "C12-01", "score": 86}

    def scope_from(self, text: str) -> Cohort | None:
        return cohort_from(text)

    def permitted(self, user: User, scope: Cohort) -> Verdict:
        return policy.may_score(user, scope)

    def form(self, scope: Cohort) -> forms.Form:
        return ScoreRow(scope)

    def save(self, rows: Sequence[Row], scope: Cohort, *, by: User, progress: Progress) -> int:
        scores = {
            row["learner"].pk: {"score": row["score"], "note": row["note"] or ""} for row in rows
        }
        return services.enter_scores(scope, scores, by=by)

    def done_url(self, scope: Cohort) -> str:
        return desk_of(scope)
