"""A round, its seats and its timetable as forms."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.ui.widgets import MomentInput
from silian.talent.rounds.models import Round
from silian.talent.rounds.services import DEADLINES

MOMENTS = {name: MomentInput() for name in ("wishes_from", *DEADLINES)}


class TimetableChecks(forms.ModelForm):  # type: ignore[type-arg]
    """What every form that touches the timetable asks of it."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        moments = ["wishes_from", *DEADLINES]
        for earlier, later in pairwise(moments):
            before = data.get(earlier) or getattr(self.instance, earlier)
            after = data.get(later) or getattr(self.instance, later)
            equal_is_fine = later == "ranking_until"
            if before and after and (after < before or (after == before and not equal_is_fine)):
                self.add_error(later, _("This must be later than the step before it."))
        return data


class RoundForm(TimetableChecks):
    class Meta:
        model = Round
        fields = [
            *"title_zh title_en kind graduates rule max_wishes seed".split(),
            *("wishes_from", *DEADLINES),
        ]
        widgets = MOMENTS
        help_texts = {
            "seed": _(
                "Up to 18 digits that decide between equals, published when the round opens."
                " Left empty, they are drawn by chance."
            ),
            "graduates": _("Left empty, every enrolled student of a member school may take part."),
            "rule": _(
                "A ranking that is not handed in in time does not count: points decide there."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seed"].required = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                _pair("title_zh", "title_en"),
                _pair("kind", "graduates"),
            ),
            Fieldset(_("Rules"), _pair("rule", "max_wishes"), "seed"),
            Fieldset(
                _("Timetable"),
                _pair("wishes_from", "wishes_until"),
                _pair("ranking_until", "confirm_until"),
            ),
        )

    def clean_max_wishes(self) -> int:
        count: int = self.cleaned_data["max_wishes"]
        if not 1 <= count <= 100:
            raise forms.ValidationError(_("From 1 to 100 wishes."))
        return count

    def clean_seed(self) -> str:
        seed: str = self.cleaned_data["seed"].strip()
        if seed and not (seed.isascii() and seed.isdigit()):
            raise forms.ValidationError(_("Digits alone."))
        return str(int(seed)) if seed else ""


class TimetableForm(TimetableChecks):
    """Only what lies ahead, and only later."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Round
        fields = DEADLINES
        widgets = {name: MOMENTS[name] for name in DEADLINES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DEADLINES:
            if getattr(self.instance, name) <= clock.now():
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in DEADLINES:
            if name in data and data[name] < self.initial[name]:
                self.add_error(name, _("A deadline can only be put off."))
        return data


class SeatsForm(forms.Form):
    """A quota for each position that takes part; empty for the others."""

    def __init__(
        self, *args: Any, positions: Iterable[Position], quotas: dict[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.positions = list(positions)
        for position in self.positions:
            self.fields[f"quota_{position.pk}"] = forms.IntegerField(
                label=position.title,
                required=False,
                min_value=1,
                max_value=position.places,
                initial=quotas.get(position.pk),
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            )

    def rows(self) -> Iterator[tuple[Position, BoundField]]:
        for position in self.positions:
            yield position, self[f"quota_{position.pk}"]

    def quotas(self) -> dict[Position, int]:
        found = {it: self.cleaned_data[f"quota_{it.pk}"] for it in self.positions}
        return {position: quota for position, quota in found.items() if quota}


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
