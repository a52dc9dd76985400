"""What a marker enters."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.marking.models import Mark

HALF = Decimal("0.5")


class MarkForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Mark
        fields = "points comment".split()
        widgets = {"comment": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worth = self.instance.answer.worth
        steps = {"min": 0, "max": f"{worth.normalize():f}", "step": "0.5", "autofocus": True}
        if worth % HALF:
            steps["step"] = "any"
        self.fields["points"].widget.attrs |= steps | {"inputmode": "decimal"}
        self.fields["points"].required = True
        self.fields["points"].help_text = _("Half points, up to %(most)s.") % {
            "most": f"{worth.normalize():f}"
        }
