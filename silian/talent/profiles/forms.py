"""A student as a form."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.talent.profiles.models import Student


class StudentForm(forms.ModelForm):  # type: ignore[type-arg]
    programme = CodeField(CodeList.Kind.PROGRAMME, label=_("programme"))

    class Meta:
        model = Student
        fields = "number name programme class_name entered graduates points email phone".split()
        help_texts = {"points": _("0 to 100, as the school counts them. They break ties.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("Who it is"), _pair("number", "name"), _pair("email", "phone")),
            Fieldset(
                _("What they study"),
                _pair("programme", "class_name"),
                _pair("entered", "graduates"),
                _pair("points", None),
            ),
        )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        others = Student.objects.filter(school=self.instance.school, number=number)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another student has this number."))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        entered, graduates = data.get("entered"), data.get("graduates")
        if entered and graduates and graduates <= entered:
            self.add_error("graduates", _("This is not after the year of entry."))
        points = data.get("points")
        if points is not None and not 0 <= points <= 100:
            self.add_error("points", _("Points are from 0 to 100."))
        return data


def _pair(left: str, right: str | None) -> Row:
    names = [name for name in (left, right) if name]
    return Row(*(Column(name, css_class="col-md-6") for name in names))
