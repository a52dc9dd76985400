"""The day and the scan of an agreement signed on paper, and the end, as forms."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.services import SCANS
from silian.kernel import clock
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput


class DayForm(forms.Form):
    """A day that has come already."""

    on = forms.DateField(label=_("day"), widget=DayInput())

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


class RegisterForm(DayForm):
    scan = UploadField(label=_("scan of the signed original"), kinds=SCANS)

    def clean_on(self) -> date:
        day = super().clean_on()
        if self.agreement.expires_on and day >= self.agreement.expires_on:
            raise ValidationError(
                _("It would have expired by then; change the draft's term first.")
            )
        return day


class EndForm(DayForm):
    why = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_on(self) -> date:
        day = super().clean_on()
        if self.agreement.signed_on and day < self.agreement.signed_on:
            raise ValidationError(_("This is before the day of signing."))
        return day
