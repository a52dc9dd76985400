"""The signature itself, paper and receipts, as forms."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.signatures.services import SCANS
from silian.governance.signing.models import Signatory
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.files.fields import UploadField
from silian.kernel.proofs.services import Proof, prove, prove_address
from silian.kernel.ui.widgets import DayInput


def sentence_of(signatory: Signatory) -> str:
    """What a signatory confirms: for a party, as a party, or as the guardian of one."""
    if signatory.organisation:
        sentence = _("I have read “%(title)s” in full and sign it for %(organisation)s.")
    elif signatory.guardian_of:
        sentence = _(
            "I have read “%(title)s” in full. As the guardian of %(ward)s I know of the internship "
            "and consent to it."
        )
    else:
        sentence = _("I have read “%(title)s” in full, I know what it means, and I sign it.")
    words = {"organisation": signatory.party_name, "title": signatory.process}
    return sentence % {**words, "ward": signatory.guardian_of}


class LinkForm(forms.Form):
    """The intent, confirmed, and the code that was sent to the address of the link."""

    confirmed = forms.BooleanField()
    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    proof: Proof

    def __init__(self, signatory: Signatory, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signatory, self.sentence = signatory, sentence_of(signatory)
        self.fields["confirmed"].label = self.sentence
        self.fields["code"].label = _("Code to confirm")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                self.proof = prove_address(self.signatory.email, self.signatory, data["code"])
            except ValidationError as error:
                self.add_error("code", error)
        return data


class SignForm(forms.Form):
    """The intent, confirmed, and a second factor; ``proof`` is there when both are right."""

    confirmed = forms.BooleanField()
    code = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput())
    proof: Proof

    def __init__(self, user: User, signatory: Signatory, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.signatory = user, signatory
        self.sentence = sentence_of(signatory)
        self.fields["confirmed"].label = self.sentence
        self.fields["code"].label = _("Code to confirm")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:  # a code is spent only where the rest is right
            try:
                self.proof = prove(
                    self.user, self.signatory, code=data["code"], credential=data["credential"]
                )
            except ValidationError as error:
                self.add_error("code", error)
        return data


class ScanForm(forms.Form):
    file = UploadField(label=gettext_lazy("Scan or photo of the signed page"), kinds=SCANS)
    signed_on = forms.DateField(label=gettext_lazy("Signed on"), widget=DayInput())

    def __init__(self, signatory: Signatory, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened_at = signatory.process.opened_at
        self.fields["signed_on"].initial = clock.today

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label=gettext_lazy("Receipt of the authority"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("What the authority gave you after signing, in full."),
    )
