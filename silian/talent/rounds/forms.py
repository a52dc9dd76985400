"""A round, its seats and its timetable as forms."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.ui.widgets import MomentInput
from silian.talent.rounds.models import Round
from silian.talent.rounds.services import DEADLINES, MOST, Numbers

MOMENTS = {name: MomentInput() for name in ("wishes_from", *DEADLINES)}


class TimetableChecks(forms.ModelForm):  # type: ignore[type-arg]
    """What every form that touches the timetable asks of it."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        moments = ["wishes_from", *DEADLINES]
        for earlier, later in pairwise(moments):
            before = data.get(earlier) or getattr(self.instance, earlier)
            after = data.get(later) or getattr(self.instance, later)
            equal_is_fine = later in ("ranking_until", "replace_until")
            if before and after and (after < before or (after == before and not equal_is_fine)):
                self.add_error(later, _("This must be later than the step before it."))
        return data


class RoundForm(TimetableChecks):
    class Meta:
        model = Round
        fields = [
            *"title_zh title_en kind graduates rule employer_weight max_wishes seed".split(),
            *("wishes_from", *DEADLINES, "answer_days"),
        ]
        widgets = MOMENTS
        help_texts = {
            "seed": _(
                "Up to 18 digits that decide between equals, published when the round opens."
                " Left empty, they are drawn by chance."
            ),
            "employer_weight": _("Only where points and the enterprise's score are weighed."),
            "replace_until": _(
                "Until then a place that is given back is offered to the next in line by the same"
                " rule. Left empty, places are not replaced."
            ),
            "graduates": _("Left empty, every enrolled student of a member school may take part."),
            "rule": _(
                "A ranking that is not handed in in time does not count: points decide there."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("seed", "employer_weight", "answer_days"):
            self.fields[name].required = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                _pair("title_zh", "title_en"),
                _pair("kind", "graduates"),
            ),
            Fieldset(_("Rules"), _pair("rule", "employer_weight"), _pair("max_wishes", "seed")),
            Fieldset(
                _("Timetable"),
                _pair("wishes_from", "wishes_until"),
                _pair("ranking_until", "confirm_until"),
                _pair("replace_until", "answer_days"),
            ),
        )

    def clean_max_wishes(self) -> int:
        count: int = self.cleaned_data["max_wishes"]
        if not 1 <= count <= 100:
            raise forms.ValidationError(_("From 1 to 100 wishes."))
        return count

    def clean_employer_weight(self) -> int:
        weight = self.cleaned_data["employer_weight"]
        return self._within("employer_weight", weight, 99)

    def clean_answer_days(self) -> int:
        return self._within("answer_days", self.cleaned_data["answer_days"], 30)

    def _within(self, name: str, value: int | None, most: int) -> int:
        """From 1 to ``most``; where nothing is typed, what stands."""
        if value is not None and not 1 <= value <= most:
            raise forms.ValidationError(_("From 1 to %(most)s.") % {"most": most})
        standing: int = getattr(self.instance, name)
        return standing if value is None else value

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
            moment = getattr(self.instance, name)
            if moment is None or moment <= clock.now():
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in DEADLINES:
            if data.get(name) and data[name] < self.initial[name]:
                self.add_error(name, _("A deadline can only be put off."))
        return data


class SeatsForm(forms.Form):
    """A quota for each of the positions shown, and with how many it runs; empty: no part."""

    def __init__(self, *args: Any, positions: Iterable[Position], **kwargs: Any) -> None:
        """``positions`` carry their ``quota`` and ``minimum`` as they stand."""
        super().__init__(*args, **kwargs)
        self.positions = list(positions)
        for it in self.positions:
            quota, minimum = getattr(it, "quota", None), getattr(it, "minimum", None)
            self.fields[f"quota_{it.pk}"] = _number(it, _("Quota of %(position)s"), 1, quota)
            self.fields[f"minimum_{it.pk}"] = _number(
                it, _("%(position)s runs only with"), 0, minimum or None
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for position in self.positions:
            quota, name = data.get(f"quota_{position.pk}") or 0, f"minimum_{position.pk}"
            if (data.get(name) or 0) > quota and f"quota_{position.pk}" not in self.errors:
                self.add_error(name, MOST)
        return data

    def numbers(self) -> dict[Position, Numbers | None]:
        """Quota and minimum of each position; None where it takes no part."""
        data = self.cleaned_data
        quotas = {it: data[f"quota_{it.pk}"] for it in self.positions}
        return {
            it: (quota, data[f"minimum_{it.pk}"] or 0) if quota else None
            for it, quota in quotas.items()
        }


def _number(position: Position, label: Any, least: int, initial: int | None) -> forms.IntegerField:
    said = label % {"position": position.title}
    attrs = {"class": "form-control", "inputmode": "numeric", "form": "seats", "aria-label": said}
    return forms.IntegerField(
        label=said,
        required=False,
        min_value=least,
        max_value=position.places,
        initial=initial,
        widget=forms.NumberInput(attrs=attrs),
    )


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
