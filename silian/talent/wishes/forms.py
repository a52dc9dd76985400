"""What an employer says of its applicants as a form: a number beside each."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from silian.talent.wishes.models import Wish


class NumbersForm(forms.Form):
    """One number for each applicant; none is needed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, applicants: Sequence[Wish], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applicants = list(applicants)
        for wish in self.applicants:
            widget = forms.NumberInput(
                attrs={
                    "class": "form-control",
                    "inputmode": "decimal",
                    "aria-label": wish.called,
                }
            )
            self.fields[self.name_of(wish)] = self.number_of(wish, widget)

    def number_of(self, wish: Wish, widget: forms.Widget) -> forms.Field:
        raise NotImplementedError

    @staticmethod
    def name_of(wish: Wish) -> str:
        return f"rank_{wish.pk}"

    def rows(self) -> Iterator[tuple[Wish, BoundField]]:
        for wish in self.applicants:
            yield wish, self[self.name_of(wish)]


class RankingForm(NumbersForm):
    """1 is the first; who has no number stays unranked, behind all who have one."""

    def number_of(self, wish: Wish, widget: forms.Widget) -> forms.Field:
        return forms.IntegerField(required=False, min_value=1, initial=wish.rank, widget=widget)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: set[int] = set()
        for wish in self.applicants:
            rank = data.get(self.name_of(wish))
            if rank in seen:
                self.add_error(self.name_of(wish), _("This number is given twice."))
            if rank:
                seen.add(rank)
        return data

    def order(self) -> list[int]:
        """Keys of the ranked wishes, the first first; gaps between numbers close."""
        ranks = {wish.pk: self.cleaned_data[self.name_of(wish)] for wish in self.applicants}
        return sorted((key for key, rank in ranks.items() if rank), key=lambda key: ranks[key])


class ScoringForm(NumbersForm):
    """0 to 100, which the rule weighs against points; who has no score counts as having 0."""

    def number_of(self, wish: Wish, widget: forms.Widget) -> forms.Field:
        return forms.DecimalField(
            required=False,
            min_value=0,
            max_value=100,
            max_digits=5,
            decimal_places=2,
            initial=wish.score,
            widget=widget,
        )

    def scores(self) -> dict[int, Decimal]:
        given = {wish.pk: self.cleaned_data[self.name_of(wish)] for wish in self.applicants}
        return {key: score for key, score in given.items() if score is not None}
