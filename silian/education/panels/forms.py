"""Marks as they are typed, and what experts give."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from silian.education.panels import policy
from silian.education.panels.marks import MarkField
from silian.education.panels.models import Opinion, Ruling, Seat
from silian.education.skillappraisals.models import Appraisal


class GivenForm(forms.Form):
    """One mark; after publication it is a correction and says why."""

    reason = forms.CharField(
        label=gettext_lazy("reason of the change"), max_length=300, required=False
    )

    def __init__(self, appraisal: Appraisal, part: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mark"] = MarkField.of(appraisal, part)
        self.order_fields(["mark", "reason"])
        if appraisal.is_told:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class SeatForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Seat
        fields = "user chief".split()
        widgets = {"user": forms.Select({"data-search": ""})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = policy.possible_experts(self.instance.appraisal)


class OpinionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Opinion
        fields = "points note".split()


class RulingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Ruling
        fields = "points reason".split()
