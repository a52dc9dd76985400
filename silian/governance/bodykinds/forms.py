"""A kind as a form, with its roles, questions and grades as rows below it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout
from crispy_forms.layout import Row as Pair
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from silian.governance.bodykinds.models import Field, Grade, Kind, Role
from silian.governance.members.models import Organisation

WITH_CHOICES = (Field.Type.CHOICE, Field.Type.CHOICES)


class KindForm(forms.ModelForm):  # type: ignore[type-arg]
    hosts = forms.MultipleChoiceField(
        choices=Organisation.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("who may host it"),
        help_text=_("None means that every member may."),
    )

    class Meta:
        model = Kind
        fields = [
            *"name_zh name_en purpose_zh purpose_en hosts term_years warning_days".split(),
            *"appraise_every failures_to_end source is_open".split(),
        ]
        widgets = {
            "purpose_zh": forms.Textarea(attrs={"rows": 3}),
            "purpose_en": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "failures_to_end": _("The secretariat decides; nothing ends by itself."),
            "source": _("The document that this kind comes from."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                _pair("name_zh", "name_en"),
                _pair("purpose_zh", "purpose_en"),
                "hosts",
            ),
            Fieldset(
                _("Terms and appraisals"),
                _pair("term_years", "warning_days"),
                _pair("appraise_every", "failures_to_end"),
                _pair("source", "is_open"),
            ),
        )

    def clean_name_zh(self) -> str:
        name: str = self.cleaned_data["name_zh"]
        others = Kind.objects.for_consortium(self.instance.consortium).exclude(pk=self.instance.pk)
        if others.filter(name_zh=name).exists():
            raise ValidationError(_("There is a kind of this name already."))
        return name


class RoleRows(BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        if not _kept(self):
            raise ValidationError(_("Name at least one role."))


class GradeRows(BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        passing = [row for row in _kept(self) if not row.get("failing")]
        if len(_kept(self)) < 2 or not passing:
            raise ValidationError(_("Name at least two grades, one of which means that it passed."))


def _kept(rows: BaseInlineFormSet) -> list[dict[str, Any]]:  # type: ignore[type-arg]
    """The rows that say something and are not taken away."""
    staying = [f for f in rows.forms if f not in rows.deleted_forms and f.is_valid()]
    return [form.cleaned_data for form in staying if form.cleaned_data.get("name_zh")]


class FieldForm(forms.ModelForm):  # type: ignore[type-arg]
    choices = forms.CharField(
        label=_("choices, one a line: 中文 | English"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Field
        fields = "label_zh label_en type choices required public".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = "\n".join(self.initial.get("choices") or [])

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        return [line for line in lines if line]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("type") in WITH_CHOICES and len(data.get("choices") or []) < 2:
            self.add_error("choices", _("Name at least two choices."))
        if any(len(line) > 120 for line in data.get("choices") or []):
            self.add_error("choices", _("A choice has at most 120 characters."))
        return data


COLUMNS = {
    "roles": ["name_zh", "name_en", "sole"],
    "fields": ["label_zh", "label_en", "type", "choices", "required", "public"],
    "grades": ["name_zh", "name_en", "failing"],
}
MODELS: dict[str, tuple[Any, Any, Any]] = {
    "roles": (Role, forms.ModelForm, RoleRows),
    "fields": (Field, FieldForm, BaseInlineFormSet),
    "grades": (Grade, forms.ModelForm, GradeRows),
}


def parts_of(kind: Kind, data: Any = None, like: Kind | None = None) -> dict[str, Any]:
    """The rows of ``kind`` by name, filled after ``like`` where a new one is made after it."""
    parts = {}
    for name, columns in COLUMNS.items():
        copied = list(getattr(like, name).values(*columns)) if like and not data else []
        rows = _formset(name, extra=len(copied) or (0 if kind.pk else 1))
        parts[name] = rows(data, instance=kind, prefix=name, initial=copied)
    return parts


def _formset(name: str, extra: int) -> Any:
    model, form, rows = MODELS[name]
    columns = COLUMNS[name]
    return inlineformset_factory(
        Kind, model, form=form, formset=rows, fields=columns, extra=extra, max_num=40
    )


def _pair(left: str, right: str) -> Pair:
    return Pair(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
