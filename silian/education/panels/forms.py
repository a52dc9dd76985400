"""Marks as they are typed, and what experts give."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.panels import policy
from silian.education.panels.marks import MarkField
from silian.education.panels.models import Opinion, Ruling, Seat
from silian.education.panels.services import Said
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import part_names
from silian.education.skillappraisals.models import Appraisal, Entry, Exemption
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput


class GivenForm(forms.Form):
    """One mark; after publication it is a correction and says why."""

    reason = forms.CharField(
        label=gettext_lazy("reason of the change"), max_length=300, required=False
    )

    def __init__(self, appraisal: Appraisal, part: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.elsewhere = part not in policy.office_parts(appraisal)
        self.fields["mark"] = MarkField.of(appraisal, part)
        self.order_fields(["mark", "reason"])
        if appraisal.is_told:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def clean_mark(self) -> Said:
        said: Said = self.cleaned_data["mark"]
        if self.elsewhere and not said.absent:
            raise ValidationError(
                _("This part is marked elsewhere. Here it is only noted who stayed away.")
            )
        return said


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


class ExemptionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Exemption
        fields = "part points passed_on grounds".split()
        widgets = {"passed_on": DayInput()}

    def __init__(self, entry: Entry, *args: Any, **kwargs: Any) -> None:
        kwargs["instance"] = Exemption(entry=entry)
        super().__init__(*args, **kwargs)
        held = set(entry.exemptions.values_list("part", flat=True))
        names = [name for name in part_names(entry.appraisal.terms) if name not in held]
        field: Any = self.fields["part"]
        field.choices = [(name, PartKind(name).label) for name in names]

    def clean_passed_on(self) -> date:
        day: date = self.cleaned_data["passed_on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day

    def clean_points(self) -> Any:
        points = self.cleaned_data["points"]
        if points is not None and not 0 <= points <= 100:
            raise ValidationError(_("Points are between 0 and 100."))
        return points
