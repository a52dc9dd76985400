"""A catalogue, its foreword, an adjustment and the formula of a consortium."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.shortages.models import Adjustment, Catalogue, Setting
from silian.industry.releases.models import Release
from silian.kernel.documents.editor import Editor


class NewCatalogueForm(forms.Form):
    release = forms.ModelChoiceField(
        Release.objects.none(), label=_("demand release"), empty_label=None
    )

    def __init__(self, *args: Any, releases: QuerySet[Release], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["release"].queryset = releases  # type: ignore[attr-defined]
        self.fields["release"].label_from_instance = lambda one: str(one.year)  # type: ignore[attr-defined]


class ForewordForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Catalogue
        fields = ["foreword_zh", "foreword_en", "reason"]
        widgets = {"foreword_zh": Editor(), "foreword_en": Editor()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.version == 1:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True


class AdjustForm(forms.ModelForm):  # type: ignore[type-arg]
    stars = forms.TypedChoiceField(
        label=_("stars"), coerce=int, choices=[(n, "★" * n) for n in range(1, 6)]
    )

    class Meta:
        model = Adjustment
        fields = ["stars", "level", "reason"]
        help_texts = {"reason": _("Readers see it beside the entry.")}


class FormulaForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Setting
        fields = [*Setting.KEYS, "mild", "moderate", "severe", "reason"]
        help_texts = {
            "ratio": _("In percent; the five weights sum to 100."),
            "mild": _("In percent of the index."),
            "reason": _("It stands on the page of every catalogue computed with this formula."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        weights = [data.get(key) for key in Setting.KEYS]
        known = [weight for weight in weights if weight is not None]
        if len(known) == len(weights) and sum(known) != 100:
            self.add_error("ratio", _("The five weights must sum to 100."))
        steps = [data.get(name) for name in ("mild", "moderate", "severe")]
        if None not in steps and not steps[0] < steps[1] < steps[2] <= 100:  # type: ignore[operator]
            self.add_error("severe", _("The three levels must rise, up to 100 at most."))
        return data
