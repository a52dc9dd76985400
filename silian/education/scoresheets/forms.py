"""What the office and arbiters enter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.examiners.models import Examiner
from silian.education.judging.filling import rule_of
from silian.education.practicals.models import Criterion
from silian.education.scoresheets.models import Correction
from silian.education.scoresheets.scores import TurnResult
from silian.education.scoresheets.services import common_marks
from silian.engines import rubric
from silian.engines.rubric import Mark


class DecisionForm(forms.Form):
    """A field for each line about which the sheets differ."""

    def __init__(self, result: TurnResult, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        common = common_marks(result)
        every = result.turn.station.criteria.all()
        self.open: dict[str, Criterion] = {
            f"criterion-{one.pk}": one for one in every if one.pk not in common
        }
        for name, criterion in self.open.items():
            self.fields[name] = _field(criterion, result)
        self.fields["reason"] = forms.CharField(
            label=_("reasons of the decision"),
            widget=forms.Textarea({"rows": 4}),
            max_length=2000,
            help_text=_("What the panel said when it was heard, and why you decide so."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.marks: dict[int, Mark] = {}
        for name, criterion in self.open.items():
            if name in cleaned:
                try:
                    self.marks[criterion.pk] = _mark(criterion, cleaned[name])
                except rubric.BadResponse:
                    self.add_error(name, _("Steps of 0.5, at most the points of this line."))
        return cleaned


def _field(criterion: Criterion, result: TurnResult) -> forms.Field:
    said = [
        f"{mark.points.normalize():f}"
        for sheet in result.sheets
        for mark in sheet.marks.all()
        if mark.criterion_id == criterion.pk
    ]
    hint = _("The sheets say: %(points)s") % {"points": " / ".join(said)}
    label = f"{criterion.name} ({criterion.points.normalize():f})"
    if criterion.kind == Criterion.Kind.JUDGED:
        return forms.DecimalField(
            label=label, help_text=hint, min_value=0, max_value=criterion.points, decimal_places=2
        )
    yes, no = (
        (_("Within the tolerance"), _("Out of tolerance"))
        if criterion.kind == Criterion.Kind.MEASURED
        else (_("Criterion met"), _("Criterion not met"))
    )
    choices = [("yes", yes), ("no", no)]
    return forms.ChoiceField(label=label, help_text=hint, choices=choices, widget=forms.RadioSelect)


def _mark(criterion: Criterion, said: Any) -> Mark:
    if criterion.kind == Criterion.Kind.JUDGED:
        return rubric.mark(rule_of(criterion), f"{said}")
    passed = said == "yes"
    return Mark(criterion.points if passed else criterion.points * 0, passed)


class ArbiterForm(forms.Form):
    arbiter = forms.ModelChoiceField(queryset=Examiner.objects.none(), label=_("arbiter"))

    def __init__(self, arbiters: list[Examiner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Examiner.objects.filter(pk__in=[one.pk for one in arbiters]).select_related("user")
        self.fields["arbiter"].queryset = rows  # type: ignore[attr-defined]
        self.fields["arbiter"].help_text = _(
            "Examiners whose card holds, who have nothing to do with the candidate and wrote no "
            "sheet of this turn."
        )


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Correction
        fields = "points failed reason".split()
        widgets = {"reason": forms.Textarea({"rows": 3})}
        help_texts = {"reason": _("The appeal and what was found. All sheets stay as they are.")}
