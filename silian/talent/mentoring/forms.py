"""A mentor, and the hours of one."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.ui.widgets import DayInput
from silian.talent.cohorts.models import Learner
from silian.talent.mentoring import policy
from silian.talent.mentoring.models import Hours, Mentor
from silian.talent.selections.naming import shown


class MentorForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Mentor
        fields = "organisation name post user fee since until learners".split()
        widgets = {
            "since": DayInput(),
            "until": DayInput(),
            "learners": forms.CheckboxSelectMultiple(),
        }
        help_texts = {"user": _("With an account the mentor enters hours alone.")}

    def __init__(self, by: User, learners: QuerySet[Learner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohort = self.instance.cohort
        rows = {
            "organisation": policy.sides_for(by, cohort),
            "user": policy.accounts_for(by, cohort),
            "learners": learners,
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self.fields["learners"].label_from_instance = shown  # type: ignore[attr-defined]
        self.fields["learners"].label = _("looks after")
        if len(rows["organisation"]) == 1:
            self.fields["organisation"].empty_label = None  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        pairs = [("organisation", "name"), ("post", "user"), ("fee",), ("since", "until")]
        self.helper.layout = Layout(
            *(Row(*(Column(n, css_class="col-md-6") for n in pair)) for pair in pairs), "learners"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("fee") is not None and data["fee"] < 0:
            self.add_error("fee", _("Must not be less than 0."))
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("It ends before it starts."))
        same = Mentor.objects.filter(
            cohort=self.instance.cohort,
            organisation=data.get("organisation"),
            name=data.get("name"),
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("This mentor is named already."))
        return data


class HoursForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Hours
        fields = "on hours what".split()
        widgets = {"on": DayInput()}

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is in the future."))
        return day

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        if not 0 < hours <= 24:
            raise forms.ValidationError(_("A day has more than 0 and at most 24 hours."))
        return hours
