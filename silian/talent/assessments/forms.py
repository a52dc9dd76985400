"""A mark and a final result as forms."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.talent.assessments.policy import weighed
from silian.talent.internships.models import Internship


class MarkForm(forms.Form):
    part = forms.ChoiceField(label=_("part"))
    points = forms.DecimalField(
        label=_("points, 0 to 100"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
    )
    remark = forms.CharField(label=_("remark"), max_length=300, required=False)

    def __init__(self, internship: Internship, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(part.value, part.label) for part in weighed(internship)]
        self.fields["part"].choices = choices  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    summary = forms.CharField(
        label=_("appraisal"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
