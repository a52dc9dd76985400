"""A promise, and the correction of a settlement."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.contributions.models import Pledge
from silian.governance.members.models import Organisation
from silian.talent.settlements.models import Line, Measure, Promise

LEDGER = (Measure.MONEY, Measure.EQUIPMENT)


class PromiseForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Promise
        fields = "giver measure amount every pledge pay_floor posts note".split()
        help_texts = {
            "pledge": _("What is confirmed of it in the ledger of the agreement counts."),
            "pay_floor": _("For the promise of employment."),
        }

    def __init__(
        self,
        givers: QuerySet[Organisation],
        pledges: QuerySet[Pledge],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["giver"].queryset = givers  # type: ignore[attr-defined]
        self.fields["pledge"].queryset = pledges  # type: ignore[attr-defined]
        if len(givers) == 1:
            self.fields["giver"].empty_label = None  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What is promised"),
                _pair("giver", "measure"),
                _pair("amount", "every"),
                "pledge",
                "note",
            ),
            Fieldset(_("For employment"), _pair("pay_floor", "posts")),
        )

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Must be more than 0."))
        return amount

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        measure = data.get("measure")
        if measure == Measure.SHARE and (data.get("amount") or 0) > 100:
            self.add_error("amount", _("A share is at most 100."))
        if measure in (Measure.EMPLOYED, Measure.SHARE) and data.get("every") != "whole":
            self.add_error("every", _("Employment is promised for the end."))
        if data.get("pledge") and measure not in LEDGER:
            self.add_error("pledge", _("Only money and equipment stand in the ledger."))
        same = Promise.objects.filter(
            cohort=self.instance.cohort, giver=data.get("giver"), measure=measure
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("measure", _("This is promised already."))
        return data


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class CorrectionForm(forms.Form):
    """What a line should say, where counting anew is not enough."""

    actual = forms.DecimalField(
        label=_("actual"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    note = forms.CharField(
        label=_("why it differs from what was counted"), max_length=300, required=False
    )

    def __init__(self, line: Line, data: Any = None) -> None:
        super().__init__(data, prefix=f"l{line.pk}")
        self.line = line
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("actual") is not None and not data.get("note"):
            self.add_error("note", _("Say why."))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("why it was corrected"), max_length=300)


def correction_forms(lines: Iterable[Line], data: Any = None) -> list[CorrectionForm]:
    return [CorrectionForm(line, data) for line in lines]


def corrections_in(forms_: Iterable[CorrectionForm]) -> dict[int, tuple[Decimal, str]]:
    return {
        form.line.promise_id: (form.cleaned_data["actual"], form.cleaned_data["note"])
        for form in forms_
        if form.cleaned_data["actual"] is not None
    }
