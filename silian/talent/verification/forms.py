"""What whoever checks a certificate types."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    number = forms.CharField(
        label=_("number of the certificate"),
        max_length=40,
        widget=forms.TextInput({"data-fact": "1", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("full name of its holder"),
        max_length=100,
        widget=forms.TextInput({"data-fact": "3", "autocomplete": "off"}),
    )
    version = forms.IntegerField(
        required=False, min_value=1, widget=forms.HiddenInput({"data-fact": "2"})
    )

    def clean_number(self) -> str:
        return "".join(str(self.cleaned_data["number"]).split()).upper()
