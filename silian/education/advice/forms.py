"""The foreword, the day by which schools answer, and an answer."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.advice.models import Answer, Report
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.documents.editor import Editor
from silian.kernel.ui.widgets import DayInput


class ForewordForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Report
        fields = ["foreword_zh", "foreword_en"]
        widgets = {"foreword_zh": Editor(), "foreword_en": Editor()}


class AskForm(forms.Form):
    until = forms.DateField(label=_("answers until"), widget=DayInput())

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= clock.today():
            raise ValidationError(_("This day has passed."))
        return until


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    adopted = forms.TypedChoiceField(
        label=_("answer"),
        choices=[("yes", _("We adopt it")), ("no", _("We do not adopt it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Answer
        fields = ["school", "adopted", "reason", "planned_intake"]
        help_texts = {"reason": _("Needed where it is not adopted. It is published.")}

    def __init__(self, *args: Any, schools: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self.fields["school"].empty_label = None  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["adopted"] = "yes" if self.instance.adopted else "no"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("adopted") is False and not data.get("reason"):
            self.add_error("reason", _("Please give a reason."))
        return data
