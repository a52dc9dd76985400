"""Entering what came in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.fees.models import Receipt
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput


class PaymentForm(forms.Form):
    way = forms.ChoiceField(label=_("way of payment"), choices=Receipt.Way.choices)
    paid_on = forms.DateField(label=_("day of payment"), widget=DayInput())
    reference = forms.CharField(label=_("reference of the payment"), max_length=100, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"paid_on": clock.today()})
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {
                "class": "form-select" if select else "form-control",
                "form": "ticks",
            }

    def clean_paid_on(self) -> Any:
        if self.cleaned_data["paid_on"] > clock.today():
            raise forms.ValidationError(_("This day is in the future."))
        return self.cleaned_data["paid_on"]
