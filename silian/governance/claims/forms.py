"""A claim as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.governance.claims.models import Claim
from silian.kernel.files.fields import UploadField


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]
    proof = UploadField(label=_("proof"))

    class Meta:
        model = Claim
        fields = ["title", "statement"]
        widgets = {"statement": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].required = self.instance.pk is None
        self.fields["proof"].help_text = _(
            "The business licence with a letter of authority that names you and bears the seal."
        )
