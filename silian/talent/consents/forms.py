"""What a person ticks, what a guardian signs with their name, and a scan of paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.kernel.files.fields import UploadField
from silian.talent.consents.models import Consent
from silian.talent.consents.wordings import Wording


class ChooseForm(forms.Form):
    """Which kinds of data; where the wording leaves no choice, all of them."""

    covers = forms.MultipleChoiceField(
        label=_("What they may read"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, wording: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(kind, Consent.Data(kind).label) for kind in wording.kinds]
        self.fields["covers"].choices = chosen  # type: ignore[attr-defined]
        self.fields["covers"].initial = list(wording.kinds)
        if not wording.choose:
            del self.fields["covers"]


class GuardianForm(forms.Form):
    name = forms.CharField(label=_("Your full name"), max_length=100)
    sure = forms.BooleanField(label=_("I am a parent or guardian of this child."))


class ScanForm(forms.Form):
    guardian = forms.CharField(label=_("guardian who signed"), max_length=100)
    file = UploadField(label=_("scan of the signed paper"))
