"""Plan, journal, visits, incidents and pay as forms."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.kernel import clock
from silian.kernel.files.fields import UploadsField
from silian.kernel.ui.widgets import DayInput
from silian.talent.internships.models import Internship
from silian.talent.practice.models import Entry, Guidance, Incident, Payment, Task
from silian.talent.practice.policy import monday, months_of


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Task
        fields = "first_week last_week title skill unit goal".split()
        widgets = {"skill": forms.Select(attrs={"data-search": ""})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        internship: Internship = self.instance.internship
        skills: Any = self.fields["skill"]
        position = internship.position
        if position and position.skills.exists():  # those that the position asks for
            skills.queryset = position.skills.all()
        units: Any = self.fields["unit"]
        code = internship.student.programme_id
        units.queryset = units.queryset.filter(edition__standard__programme__code=code)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_week"), data.get("last_week")
        if first == 0:
            self.add_error("first_week", _("The first week is 1."))
        if first and last and last < first:
            self.add_error("last_week", _("This is before the first week."))
        return data


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    uploads = UploadsField(
        label=gettext_lazy("evidence: photos, drawings, records"), required=False
    )

    class Meta:
        model = Entry
        fields = "week done learnt hours tasks".split()
        widgets = {
            "week": DayInput(),
            "done": forms.Textarea(attrs={"rows": 6}),
            "learnt": forms.Textarea(attrs={"rows": 4}),
            "tasks": forms.CheckboxSelectMultiple(),
        }
        help_texts = {"week": gettext_lazy("Any day of the week.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"].queryset = self.instance.internship.plan.all()  # type: ignore[attr-defined]
        if not self.instance.pk:
            self.initial["week"] = monday(clock.today())  # the blank instance says None

    def clean_week(self) -> date:
        week = monday(self.cleaned_data["week"])
        internship: Internship = self.instance.internship
        if week > clock.today():
            raise ValidationError(_("This week has not come yet."))
        if not monday(internship.starts_on) <= week <= (internship.ended_on or internship.ends_on):
            raise ValidationError(_("The internship does not run in this week."))
        others = Entry.objects.filter(internship=internship, week=week).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("There is an entry for this week already."))
        return week


class GuidanceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Guidance
        fields = "on way hours about follow_up".split()
        widgets = {"on": DayInput(), "about": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = self.initial.get("on") or clock.today()

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        if not 0 < hours <= 24:
            raise ValidationError(_("Between 0 and 24 hours."))
        return hours


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class IncidentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Incident
        fields = "happened_at severity what done notified notified_at".split()
        widgets = {
            "happened_at": MomentInput(),
            "notified_at": MomentInput(),
            "what": forms.Textarea(attrs={"rows": 4}),
            "done": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        happened, told = data.get("happened_at"), data.get("notified_at")
        if happened and happened > clock.now() + timedelta(minutes=5):
            self.add_error("happened_at", _("This is in the future."))
        if happened and told and told < happened:
            self.add_error("notified_at", _("This is before it happened."))
        return data


class PaymentForm(forms.ModelForm):  # type: ignore[type-arg]
    month = forms.TypedChoiceField(label=gettext_lazy("month"), coerce=date.fromisoformat)

    class Meta:
        model = Payment
        fields = "month amount paid_on note".split()
        widgets = {"paid_on": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        internship = self.instance.internship
        paid = {p.month for p in internship.payments.all() if p.confirmed_at}
        open_months = [m for m in months_of(internship) if m not in paid and m <= clock.today()]
        choices = [(month.isoformat(), f"{month:%Y-%m}") for month in open_months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]
        self.fields["paid_on"].initial = clock.today

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("This is no payment."))
        return amount
