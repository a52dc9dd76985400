"""Handing in, an opinion, the school's approval and the day of publication, as forms."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.reviewing.models import Reviewer
from silian.education.standards.models import Edition
from silian.governance.bodies.models import Body
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput

DAYS = 14  # that a committee is given unless somebody says otherwise


class HandInForm(forms.Form):
    body = forms.ModelChoiceField(Body.objects.none(), label=_("committee"))
    due_on = forms.DateField(label=_("opinions until"), widget=DayInput())
    note = forms.CharField(
        label=_("note to the committee"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        label=_("why it is handed in in spite of warnings"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, committees: QuerySet[Body], *args: Any, warned: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = committees  # type: ignore[attr-defined]
        self.fields["due_on"].initial = lambda: clock.today() + timedelta(days=DAYS)
        if len(committees) == 1:
            self.fields["body"].initial = committees[0]
        if warned:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day <= clock.today():
            raise ValidationError(_("Give the committee at least one day."))
        return day


class OpinionForm(forms.ModelForm):  # type: ignore[type-arg]
    view = forms.ChoiceField(
        label=_("opinion"), choices=Reviewer.View.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea(attrs={"rows": 5}))

    class Meta:
        model = Reviewer
        fields = ["view", "reason"]


class ApproveForm(forms.Form):
    number = forms.CharField(
        label=_("number of the approval"),
        max_length=60,
        help_text=_("Of the school's own document, such as the minutes of its academic committee."),
    )
    on = forms.DateField(label=_("approved on"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


class PublishForm(forms.Form):
    on = forms.DateField(label=_("in force since"), widget=DayInput())

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        if self.edition.approved_on and day < self.edition.approved_on:
            raise ValidationError(_("It was approved later than this."))
        return day
