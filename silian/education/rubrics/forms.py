"""A criterion as a form."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.practicals.models import Criterion
from silian.education.rubrics.faults import faults


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Criterion
        fields = "kind points name_zh name_en critical photo unit nominal below above".split()
        help_texts = {
            "points": _("The points of a station add up to 100."),
            "unit": _("Of what is measured: mm, s, g."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *_pairs("kind", "points", "name_zh", "name_en", "critical", "photo"),
            Fieldset(_("What is measured"), *_pairs("nominal", "unit", "below", "above")),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field, message in faults(data):
            self.add_error(field, message)
        return data


def _pairs(*names: str) -> list[Row]:
    columns = [Column(name, css_class="col-md-6") for name in names]
    return [Row(*columns[at : at + 2]) for at in range(0, len(columns), 2)]
