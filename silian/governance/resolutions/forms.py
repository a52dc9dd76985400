"""Entering a resolution, changing who carries it out, and saying how far it is."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.governance.resolutions.models import Numbering, Resolution
from silian.kernel import clock
from silian.kernel.files.fields import UploadsField
from silian.kernel.ui.widgets import DayInput

CHARGE = ["owner", "person", "due_on"]
WIDGETS = {
    "owner": forms.Select(attrs={"data-search": ""}),
    "due_on": DayInput(),
    "decided_on": DayInput(),
}


class ResolutionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What was decided, and who sees to it; both or neither of unit and day."""

    class Meta:
        model = Resolution
        fields = ["title_zh", "title_en", "text_zh", "text_en", "decided_on", *CHARGE]
        widgets = WIDGETS
        help_texts = {"due_on": _("Without a unit and a day there is nothing left to be done.")}

    def __init__(self, *args: Any, owners: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What was decided"), _pair("title_zh", "title_en"), "text_zh", "text_en"),
            "decided_on",
            Fieldset(_("Who carries it out"), "owner", _pair("person", "due_on")),
        )

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _both_or_neither(self, data)
        return data


class ChargeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another unit, person or day, with the reason."""

    why = forms.CharField(label=_("reason"), max_length=300)

    class Meta:
        model = Resolution
        fields = CHARGE
        widgets = WIDGETS

    def __init__(self, *args: Any, owners: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        for name in ("owner", "due_on"):
            self.fields[name].required = True


class ReportForm(forms.Form):
    """How far it is, with what shows it."""

    text = forms.CharField(label=_("how far it is"), widget=forms.Textarea({"rows": 4}))
    proofs = UploadsField(label=_("files"), required=False)
    done = forms.BooleanField(label=_("It is carried out; please confirm it."), required=False)

    def __init__(self, *args: Any, may_report_done: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_report_done:
            del self.fields["done"]


class NumberingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Numbering
        fields = ["prefix"]
        help_texts = {"prefix": _("Before the year and the serial: PREFIX〔2026〕3号.")}


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


def _both_or_neither(form: forms.BaseForm, data: dict[str, Any]) -> None:
    owner, due = data.get("owner"), data.get("due_on")
    if due and not owner:
        form.add_error("owner", _("Say who carries it out, or leave out the day."))
    elif owner and not due:
        form.add_error("due_on", _("Say by when, or leave out the unit."))
