"""An early end with its decision, a registration, and how a rule applies."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements import rules
from silian.governance.agreements.models import Agreement, RuleSetting
from silian.governance.changes.models import EarlyEnd, Registration
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput

ANSWER_DAYS = 15


class EarlyEndForm(forms.ModelForm):  # type: ignore[type-arg]
    """``speakers`` are the parties in whose name it can be asked for."""

    class Meta:
        model = EarlyEnd
        fields = ["organisation", "reason", "last_day", "answer_until"]
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 4}),
            "last_day": DayInput(),
            "answer_until": DayInput(),
        }
        help_texts = {"reason": _("All parties read it.")}

    def __init__(self, speakers: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        if speakers:
            field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in speakers])
            field.required, field.empty_label = True, None
        else:
            del self.fields["organisation"]  # the secretariat asks
        self.initial["answer_until"] = clock.today() + timedelta(days=ANSWER_DAYS)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < clock.today():
            raise ValidationError(_("This day has passed."))
        expires = self.instance.agreement.expires_on
        if expires and day >= expires:
            raise ValidationError(_("The agreement expires on %(day)s anyway.") % {"day": expires})
        return day

    def clean_answer_until(self) -> date:
        day: date = self.cleaned_data["answer_until"]
        if day <= clock.today():
            raise ValidationError(_("Leave the other parties at least a day."))
        return day


class DecisionForm(forms.Form):
    """The secretariat's decision, which needs a paper."""

    basis = forms.CharField(
        label=_("written basis"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The ruling, letter or resolution on which the agreement ends."),
    )
    paper = UploadField(label=_("paper"))
    last_day = forms.DateField(label=_("last day"), widget=DayInput())

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < clock.today():
            raise ValidationError(_("This day has passed."))
        return day


class RegistrationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Registration
        fields = ["number", "registered_on"]
        widgets = {"registered_on": DayInput()}

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        if rules.number_taken(self.agreement, number):
            raise ValidationError(_("This number stands on another agreement."))
        return number

    def clean_registered_on(self) -> date:
        day: date = self.cleaned_data["registered_on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        if self.agreement.signed_on and day < self.agreement.signed_on:
            raise ValidationError(_("This is before the day of signing."))
        return day


class RuleForm(forms.Form):
    """The level of a rule here, and its numbers."""

    level = forms.ChoiceField(
        label=_("level"), choices=RuleSetting.Level.choices, widget=forms.RadioSelect
    )

    def __init__(self, rule: rules.Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["level"].initial = rule.level
        for name, value in rule.numbers.items():
            self.fields[name] = forms.IntegerField(
                label=NUMBERS[name], initial=value, min_value=1, max_value=99
            )

    def numbers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in self.rule.numbers}


NUMBERS = {"least": _("at least"), "most": _("at most"), "years": _("years")}
