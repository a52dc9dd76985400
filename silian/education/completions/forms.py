"""Which target of the plan training counts towards."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.plans.models import Target


class AimForm(forms.Form):
    target = forms.ModelChoiceField(Target.objects.none(), label=_("yearly target"))

    def __init__(self, targets: QuerySet[Target], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets  # type: ignore[attr-defined]
        self.fields["target"].widget.attrs["class"] = "form-select"
