"""A new standard and the next edition, as forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.programmes.models import Programme
from silian.education.standards.models import Standard

AIMS = _("One line: what is new, and why. It stays readable beside the edition.")


class StandardForm(forms.ModelForm):  # type: ignore[type-arg]
    aims = forms.CharField(
        label=_("what this edition changes"), max_length=300, required=False, help_text=AIMS
    )

    class Meta:
        model = Standard
        fields = ["kind", "programme", "title_zh", "title_en"]

    def __init__(self, programmes: QuerySet[Programme], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        field.queryset = programmes  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.name} · {one.get_level_display()} · {one.school.name}"
        )
        field.widget.attrs["data-search"] = ""
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                _pair("kind", "programme"),
                _pair("title_zh", "title_en"),
                "aims",
            )
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = Standard.objects.filter(
            programme=data.get("programme"), kind=data.get("kind"), title_zh=data.get("title_zh")
        )
        if data.get("programme") and same.exists():
            self.add_error("title_zh", _("The programme has a standard of this title already."))
        return data


class EditionForm(forms.Form):
    aims = forms.CharField(
        label=_("what this edition changes"),
        max_length=300,
        help_text=AIMS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
