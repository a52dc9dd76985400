"""Hours of mentors from a spreadsheet."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.cohorts.models import Cohort
from silian.talent.mentoring import policy, services


class HoursRow(forms.Form):
    mentor = forms.CharField(label=_("mentor"), max_length=100)
    on = forms.DateField(label=_("day"))
    hours = forms.DecimalField(
        label=_("hours"), min_value=0, max_value=24, max_digits=4, decimal_places=1
    )
    what = forms.CharField(label=_("what was done"), max_length=200)

    def __init__(self, cohort: Cohort) -> None:
        super().__init__()
        mentors = cohort.mentors.select_related("cohort__consortium", "cohort__school")
        self.fields["mentor"] = LookupField(
            lambda: ((mentor.name, mentor) for mentor in mentors), label=_("mentor")
        )

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is in the future."))
        return day

    def clean_hours(self) -> object:
        hours = self.cleaned_data["hours"]
        if not hours:
            raise forms.ValidationError(_("Must be more than 0."))
        return hours


@register
class MentorHours(Sheet[Cohort]):
    name = "mentoring.hours"
    title = _("Hours of mentors")
    lead = _("One row a day and mentor of your side. The other side confirms them afterwards.")
    row_form = HoursRow
    examples = {"mentor": "周师傅", "on": date(2026, 3, 2), "hours": 4, "what": "数控车削指导"}

    def scope_from(self, text: str) -> Cohort | None:
        key = int(text) if text.isdecimal() else 0
        rows = Cohort.objects.select_related("consortium", "school", "enterprise")
        return rows.filter(pk=key).first()

    def permitted(self, user: User, scope: Cohort) -> Verdict:
        return policy.may_import(user, scope)

    def form(self, scope: Cohort) -> forms.Form:
        return HoursRow(scope)

    def save(self, rows: Sequence[Row], scope: Cohort, *, by: User, progress: Progress) -> int:
        for row in rows:
            verdict = policy.may_log(by, row["mentor"])
            if not verdict:
                raise forms.ValidationError(f"{row['mentor'].name}: {verdict.reason}")
        return services.import_hours([row.data for row in rows], by=by)

    def done_url(self, scope: Cohort) -> str:
        return reverse("mentoring:hours_index", args=[scope.consortium, scope.pk])
