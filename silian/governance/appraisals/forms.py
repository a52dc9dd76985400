"""A plan with its items, what came of them, scores, grades and new terms, as forms."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from silian.governance.appraisals import policy
from silian.governance.appraisals.models import Item, Mark, Renewal, Year
from silian.governance.bodies.services import term_after
from silian.governance.bodykinds.models import Grade
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput

NEEDED = _("Needed before it can be filed.")


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft may be empty; with ``complete`` it must say its aims."""

    class Meta:
        model = Year
        fields = ["aims"]
        widgets = {"aims": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, complete: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aims"].required = complete
        self.fields["aims"].error_messages["required"] = NEEDED


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Item
        fields = "what owner due target unit".split()
        widgets = {"due": DayInput()}

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_target(self) -> Any:
        return _not_negative(self.cleaned_data["target"])

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if due.year != self.year:
            raise ValidationError(_("This day is not in the year of the plan."))
        return due


class PlanItems(BaseInlineFormSet):  # type: ignore[type-arg]
    complete = False

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        if self.complete and not any(getattr(f, "cleaned_data", {}).get("what") for f in kept):
            raise ValidationError(_("Name at least one thing to be done."))


class ResultForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Year
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, complete: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].required = complete
        self.fields["result"].error_messages["required"] = NEEDED


class ReachedForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Item
        fields = ["reached", "note"]

    def clean_reached(self) -> Any:
        return _not_negative(self.cleaned_data["reached"])


class Results(BaseInlineFormSet):  # type: ignore[type-arg]
    """One row for each item of the plan; with ``complete`` each must say how it went."""

    complete = False

    def clean(self) -> None:
        super().clean()
        for form in self.forms if self.complete else ():
            row = form.cleaned_data if form.is_valid() else {}
            if form.instance.target is not None and row.get("reached") is None:
                form.add_error("reached", NEEDED)
            elif not row.get("note") and row.get("reached") is None:
                form.add_error("note", NEEDED)


def plan_items(year: Year, data: Any = None, *, complete: bool = False) -> Any:
    extra = 0 if year.pk and year.items.exists() else 3
    rows = inlineformset_factory(
        Year, Item, form=ItemForm, formset=PlanItems, extra=extra, max_num=60
    )(data, instance=year, prefix="items", form_kwargs={"year": year.year})
    rows.complete = complete  # type: ignore[attr-defined]
    return rows


def results(year: Year, data: Any = None, *, complete: bool = False) -> Any:
    rows = inlineformset_factory(
        Year, Item, form=ReachedForm, formset=Results, extra=0, can_delete=False, max_num=60
    )(data, instance=year, prefix="items")
    rows.complete = complete  # type: ignore[attr-defined]
    return rows


class EvidenceForm(forms.Form):
    caption = forms.CharField(label=_("what it shows"), max_length=200)
    file = UploadField(label=_("file to add"))


class MarkForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Mark
        fields = ["score", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}


class AppraiseForm(forms.Form):
    grade = forms.ModelChoiceField(Grade.objects.none(), label=_("appraisal grade"))
    score = forms.DecimalField(
        label=_("score, of 100"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )
    reasons = forms.CharField(
        label=_("reasons for the grade"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Public, as the grade is."),
    )

    def __init__(self, year: Year, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = policy.visible_grades(year.body)


class RenewalForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Renewal
        fields = ["until", "account", "aims"]
        widgets = {
            "until": DayInput(),
            "account": forms.Textarea(attrs={"rows": 6}),
            "aims": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = self.instance.body
        self.initial["until"] = term_after(body, body.expires_on)
        self.helper = FormHelper()
        self.helper.form_tag = False
        until = Row(Column("until", css_class="col-md-6"))
        self.helper.layout = Layout(until, "account", "aims")

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.instance.body.expires_on:
            raise ValidationError(_("The term that runs ends later than this."))
        return until


def _not_negative(value: Any) -> Any:
    if value is not None and value < 0:
        raise ValidationError(_("This is less than nothing."))
    return value
