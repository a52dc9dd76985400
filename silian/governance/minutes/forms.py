"""Drafting, changing, circulating and approving minutes, objections and their answers."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.minutes.models import Minutes
from silian.governance.motions.models import Motion
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.files.content import PDF
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Minutes
        fields = ["language"]


class TextForm(forms.Form):
    """The text in Markdown; ``since`` is the version that was read, so that no change is lost."""

    text = forms.CharField(label=_("text"), widget=forms.Textarea({"rows": 30}))
    note = forms.CharField(label=_("what changed"), max_length=300, required=False)
    since = forms.IntegerField(widget=forms.HiddenInput)


class CirculateForm(forms.Form):
    objections_until = forms.DateField(
        label=_("objections until"),
        widget=DayInput(),
        help_text=_("Sealed after this day at the earliest."),
    )
    approvers = forms.ModelMultipleChoiceField(
        label=_("who approves them"),
        queryset=User.objects.none(),
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
        help_text=_("The chair of the meeting as a rule."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approvers"].queryset = people  # type: ignore[attr-defined]
        self.fields["objections_until"].initial = clock.today() + timedelta(days=7)

    def clean_objections_until(self) -> date:
        day: date = self.cleaned_data["objections_until"]
        if day < clock.today():
            raise ValidationError(_("This day has passed."))
        return day


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("objection"),
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Which passage, and what it should say."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("answer"), widget=forms.Textarea({"rows": 5}))


class MotionForm(forms.Form):
    motion = forms.ModelChoiceField(
        label=_("approved by the motion"),
        queryset=Motion.objects.none(),
        widget=forms.Select(attrs={"data-search": ""}),
    )

    def __init__(self, *args: Any, motions: QuerySet[Motion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motion"].queryset = motions  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """A copy that somebody holds."""

    file = UploadField(label=_("PDF file"), kinds=frozenset({PDF}))
