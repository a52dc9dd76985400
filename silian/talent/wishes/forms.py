"""An employer's ranking as a form: a number beside each applicant."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from silian.talent.wishes.models import Wish


class RankingForm(forms.Form):
    """1 is the first; who has no number stays unranked, behind all who have one."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, applicants: Sequence[Wish], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applicants = list(applicants)
        for wish in self.applicants:
            self.fields[f"rank_{wish.pk}"] = forms.IntegerField(
                required=False,
                min_value=1,
                initial=wish.rank,
                widget=forms.NumberInput(
                    attrs={
                        "class": "form-control",
                        "inputmode": "numeric",
                        "aria-label": wish.list.student.name,
                    }
                ),
            )

    def rows(self) -> Iterator[tuple[Wish, BoundField]]:
        for wish in self.applicants:
            yield wish, self[f"rank_{wish.pk}"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: set[int] = set()
        for wish in self.applicants:
            rank = data.get(f"rank_{wish.pk}")
            if rank in seen:
                self.add_error(f"rank_{wish.pk}", _("This number is given twice."))
            if rank:
                seen.add(rank)
        return data

    def order(self) -> list[int]:
        """Keys of the ranked wishes, the first first; gaps between numbers close."""
        ranks = {wish.pk: self.cleaned_data[f"rank_{wish.pk}"] for wish in self.applicants}
        return sorted((key for key, rank in ranks.items() if rank), key=lambda key: ranks[key])
