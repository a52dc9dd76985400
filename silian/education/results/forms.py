"""An appeal, who looks at it, and the answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.results import policy
from silian.education.results.models import Appeal, Outcome
from silian.education.schemes.levels import PartKind
from silian.kernel.accounts.models import User
from silian.kernel.files.fields import UploadsField


class AppealForm(forms.Form):
    part = forms.ChoiceField(label=gettext_lazy("exam part"))
    text = forms.CharField(
        label=gettext_lazy("what is wrong"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Say what should be looked at again, and why."),
    )
    papers = UploadsField(label=gettext_lazy("evidence for the appeal"), required=False)

    def __init__(self, outcome: Outcome, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = outcome
        taken = [one["part"] for one in outcome.parts if not one["earlier"]]
        field: Any = self.fields["part"]
        field.choices = [(name, PartKind(name).label) for name in taken]

    def clean_part(self) -> str:
        part: str = self.cleaned_data["part"]
        there = self.outcome.appeals.filter(part=part)
        if there.exclude(state=Appeal.State.WITHDRAWN).exists():
            raise ValidationError(_("You have appealed against this part already."))
        return part


class AssignForm(forms.Form):
    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("reviewer of the appeal"),
        widget=forms.Select({"data-search": ""}),
        help_text=gettext_lazy("Nobody who has marked this part stands here."),
    )

    def __init__(self, appeal: Appeal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        field.queryset = policy.possible_reviewers(appeal)


class DecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("decision on the appeal"),
        choices=[
            ("", "---------"),
            ("yes", gettext_lazy("Appeal upheld")),
            ("no", gettext_lazy("Appeal rejected")),
        ],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(
        label=gettext_lazy("answer"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("The candidate reads it."),
    )
