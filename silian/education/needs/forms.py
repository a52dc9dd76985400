"""Asking for training, and answering with a course."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Course
from silian.education.needs.models import Need
from silian.governance.members.models import Organisation
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import DayInput


class NeedForm(forms.ModelForm):  # type: ignore[type-arg]
    skill = forms.ModelChoiceField(
        Skill.objects.all(),
        label=_("skill"),
        required=False,
        widget=forms.Select({"data-search": ""}),
        help_text=_("A skill, or else an occupation. Like requests are put together."),
    )
    occupation = CodeField(CodeList.Kind.OCCUPATION, label=_("occupation"), required=False)

    class Meta:
        model = Need
        fields = "organisation people wanted_by note".split()
        widgets = {"wanted_by": DayInput(), "note": forms.Textarea({"rows": 3})}

    def __init__(self, organisations: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations  # type: ignore[attr-defined]
        field.empty_label = _("For myself")  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        pairs = [("skill", "occupation"), ("organisation", "people"), ("wanted_by",)]
        rows = (Row(*(Column(n, css_class="col-md-6") for n in pair)) for pair in pairs)
        self.helper.layout = Layout(*rows, "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("skill") or data.get("occupation")):
            self.add_error("skill", _("Choose a skill or an occupation."))
        if data.get("people") == 0:
            self.add_error("people", _("Must be more than 0."))
        if data.get("wanted_by") and data["wanted_by"] < clock.today():
            self.add_error("wanted_by", _("This day has passed."))
        return data


class TakeForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("organiser"))

    def __init__(self, rows: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.empty_label = None  # type: ignore[attr-defined]
        field.widget.attrs["class"] = "form-select"


class AnswerForm(forms.Form):
    course = forms.ModelChoiceField(Course.objects.none(), label=_("course"))

    def __init__(self, rows: QuerySet[Course], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = rows  # type: ignore[attr-defined]
        self.fields["course"].widget.attrs["class"] = "form-select"
