"""Applying, deciding, calling to interviews and taking over placements."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.widgets import MomentInput
from silian.talent.cohorts.models import Learner
from silian.talent.rounds.models import Round
from silian.talent.selections.naming import shown


class ApplyForm(forms.Form):
    statement = forms.CharField(
        label=_("why I apply"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("School and enterprise read it. Do not write your name or number here."),
    )
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, wording: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = wording


class ChoiceForm(forms.Form):
    """What is in mind for one applicant."""

    choice = forms.ChoiceField(
        label=_("decision"), required=False, choices=[("", "—"), *Learner.Choice.choices]
    )
    order = forms.IntegerField(
        label=_("place on the waiting list"), required=False, min_value=1, max_value=999
    )

    def __init__(self, learner: Learner, data: Any = None) -> None:
        initial = {"choice": learner.choice, "order": learner.order}
        super().__init__(data, prefix=f"l{learner.pk}", initial=initial)
        self.learner = learner
        self.fields["choice"].widget.attrs["class"] = "form-select"
        self.fields["order"].widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("choice") == Learner.Choice.WAIT and not data.get("order"):
            self.add_error("order", _("Say at which place of the waiting list."))
        return data


def choice_forms(learners: Iterable[Learner], data: Any = None) -> list[ChoiceForm]:
    return [ChoiceForm(learner, data) for learner in learners]


def twice_in_line(forms_: Iterable[ChoiceForm]) -> bool:
    """Do two applicants stand at the same place of the waiting list? Then both are told so."""
    seen: dict[int, ChoiceForm] = {}
    found = False
    for form in forms_:
        place = form.cleaned_data.get("order")
        if form.cleaned_data.get("choice") != Learner.Choice.WAIT or not place:
            continue
        if place in seen:
            form.add_error("order", _("Two have this place."))
            found = True
        seen[place] = form
    return found


class InterviewForm(forms.Form):
    """When and where applicants are met: all, or those that are chosen."""

    at = forms.DateTimeField(label=_("when"), widget=MomentInput())
    place = forms.CharField(label=_("place"), max_length=100)
    learners = forms.ModelMultipleChoiceField(
        Learner.objects.none(), label=_("who is called"), widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, rows: QuerySet[Learner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["learners"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = shown  # type: ignore[attr-defined]


class RoundForm(forms.Form):
    round = forms.ModelChoiceField(Round.objects.none(), label=_("placement round"))

    def __init__(self, rows: QuerySet[Round], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rows  # type: ignore[attr-defined]
