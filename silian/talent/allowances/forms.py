"""An allowance, and a month's payments."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput
from silian.talent.allowances.models import Allowance
from silian.talent.allowances.policy import months_of
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.selections.naming import shown


class AllowanceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Allowance
        fields = "phase kind payer amount note".split()

    def __init__(
        self, cohort: Cohort, payers: QuerySet[Organisation], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = cohort.phases.all()  # type: ignore[attr-defined]
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Must be more than 0."))
        return amount


class PayForm(forms.Form):
    """One month of an allowance, for many learners at once."""

    month = forms.TypedChoiceField(label=_("for the month"), coerce=date.fromisoformat)
    amount = forms.DecimalField(
        label=_("amount, yuan"), max_digits=9, decimal_places=2, min_value=0
    )
    paid_on = forms.DateField(label=_("paid on"), widget=DayInput())
    learners = forms.ModelMultipleChoiceField(
        Learner.objects.none(), label=_("learners"), widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, allowance: Allowance, learners: QuerySet[Learner], data: Any = None) -> None:
        months = months_of(allowance)[::-1]
        initial = {
            "amount": allowance.amount,
            "paid_on": clock.today(),
            "learners": learners,
            "month": f"{months[0]}" if months else "",
        }
        super().__init__(data, initial=initial)
        field = self.fields["month"]
        field.choices = [(f"{m}", f"{m:%Y-%m}") for m in months]  # type: ignore[attr-defined]
        self.fields["learners"].queryset = learners  # type: ignore[attr-defined]
        self.fields["learners"].label_from_instance = shown  # type: ignore[attr-defined]

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Must be more than 0."))
        return amount

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is in the future."))
        return day
