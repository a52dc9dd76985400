"""The satisfaction form."""

from typing import Any

from django import forms

from silian.education.feedback.models import ASKED, SCORES, Answer


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Answer
        fields = [*ASKED, "remark"]
        widgets = {
            **{name: forms.RadioSelect(choices=SCORES) for name in ASKED},
            "remark": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ASKED:
            self.fields[name].choices = SCORES  # type: ignore[attr-defined]
