"""A decision by hand as a form."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Seat


class StudentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.number} · {obj.school.name}"


class DecisionForm(forms.Form):
    student = StudentChoice(label=_("student"), queryset=Student.objects.none())
    seat = forms.ModelChoiceField(label=_("position"), queryset=Seat.objects.none())
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is published beside the result. Name nobody in it."),
    )

    def __init__(
        self, *args: Any, students: QuerySet[Student], seats: QuerySet[Seat], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].queryset = students  # type: ignore[attr-defined]
        self.fields["seat"].queryset = seats  # type: ignore[attr-defined]
        for name in ("student", "seat"):
            self.fields[name].widget.attrs["data-search"] = ""
