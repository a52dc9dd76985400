"""What is said of a candidate, in a row of a sheet and in a form alike."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.kernel import clock
from silian.kernel.sheets.fields import NumberOfPersonField
from silian.talent.credentials.models import Kind
from silian.talent.credentials.scales import Family
from silian.talent.issuing.models import Batch


def facts_of(kind: Kind) -> dict[str, forms.Field]:
    """The fields that certificates of this kind have beside name, number and day."""
    fields: dict[str, forms.Field] = {}
    if kind.level_choices:
        blank = [("", "---------")] if kind.family == Family.TEACHER else []
        fields["level"] = forms.ChoiceField(
            label=gettext_lazy("level reached"),
            choices=[*blank, *kind.level_choices],
            required=kind.family != Family.TEACHER,
        )
    if kind.family == Family.TRAINING:
        fields["hours"] = forms.DecimalField(
            label=gettext_lazy("class hours"), min_value=0.5, max_digits=6, decimal_places=1
        )
    if kind.family in (Family.CONTEST, Family.TEACHER):
        names = ("contest or occasion, in Chinese", "contest or occasion, in English")
        labels = (gettext_lazy(names[0]), gettext_lazy(names[1]))
        needed = kind.family == Family.CONTEST
        fields["event_zh"] = forms.CharField(label=labels[0], max_length=150, required=needed)
        fields["event_en"] = forms.CharField(label=labels[1], max_length=150, required=False)
    return fields


class CandidateRow(forms.Form):
    """One candidate: a row of a sheet, or the form of one entered by hand."""

    name = forms.CharField(label=gettext_lazy("full name"), max_length=100)
    id_number = NumberOfPersonField(
        label=gettext_lazy("ID card number"),
        help_text=gettext_lazy(
            "Kept encrypted and shown masked. It brings together who is known already."
        ),
    )
    on = forms.DateField(label=gettext_lazy("earned on"))

    def __init__(self, batch: Batch, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(facts_of(batch.kind))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day
