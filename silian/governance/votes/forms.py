"""How a motion is put to the vote, and the votes, as forms."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.engines.tallying import Votes
from silian.governance.motions.models import Motion
from silian.governance.votes.models import Vote
from silian.governance.votes.policy import Right
from silian.kernel import clock
from silian.kernel.ui.widgets import MomentInput

SHORTEST = timedelta(minutes=10)  # of a vote by correspondence


class PutForm(forms.Form):
    """How and until when it is voted on; only what is not settled is asked."""

    way = forms.ChoiceField(
        label=_("way of voting"),
        choices=[choice for choice in Motion.Way.choices if choice[0] != Motion.Way.BALLOT],
        widget=forms.RadioSelect,
        initial=Motion.Way.EACH,
    )
    closes_at = forms.DateTimeField(
        label=_("answers are due"),
        widget=MomentInput(),
        help_text=_("The vote closes then, or as soon as everybody has answered."),
    )
    minutes = forms.IntegerField(
        label=_("minutes that the ballot is open"),
        min_value=1,
        max_value=24 * 60,
        initial=15,
        help_text=_("You can close it earlier."),
    )

    def __init__(self, *args: Any, by_correspondence: bool, secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_correspondence or secret:
            del self.fields["way"]
        if not by_correspondence:
            del self.fields["closes_at"]
        if by_correspondence or not secret:
            del self.fields["minutes"]

    def clean_closes_at(self) -> datetime:
        moment: datetime = self.cleaned_data["closes_at"]
        if moment < clock.now() + SHORTEST:
            raise ValidationError(_("Leave people at least ten minutes."))
        return moment

    def how(self) -> dict[str, Any]:
        """What ``voting.put_to_vote`` takes."""
        data = self.cleaned_data
        closes = data.get("closes_at")
        if "minutes" in data:
            closes = clock.now() + timedelta(minutes=data["minutes"])
        return {"way": data.get("way") or Motion.Way.EACH, "closes_at": closes}


class VotesForm(forms.Form):
    """One choice for each of these units; those without one are left as they are."""

    def __init__(
        self, *args: Any, rights: Iterable[Right], cast: dict[int, str], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.rights = {f"unit-{right.organisation.pk}": right for right in rights}
        for name, right in self.rights.items():
            self.fields[name] = forms.ChoiceField(
                label=right.organisation.name,
                choices=Vote.Choice.choices,
                widget=forms.RadioSelect({"class": "form-selectgroup-input"}),
                required=False,
                initial=cast.get(right.organisation.pk),
            )

    def rows(self) -> list[tuple[forms.BoundField, Right]]:
        return [(self[name], right) for name, right in self.rights.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Choose for, against or abstention."))
        return data

    def chosen(self) -> list[tuple[Right, str]]:
        """What was said now, and not before."""
        given = [(name, self.cleaned_data[name]) for name in self.rights]
        return [(self.rights[n], v) for n, v in given if v and v != self.fields[n].initial]


class HandsForm(forms.Form):
    """The numbers of a show of hands."""

    favour = forms.IntegerField(label=_("for"), min_value=0)
    against = forms.IntegerField(label=_("against"), min_value=0)
    abstain = forms.IntegerField(label=_("abstentions"), min_value=0)

    def __init__(self, *args: Any, present: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and sum(data.values()) > self.present:
            facts = {"cast": sum(data.values()), "present": self.present}
            raise ValidationError(
                _("These are %(cast)s votes, but only %(present)s are present.") % facts
            )
        return data

    def votes(self) -> Votes:
        return Votes(**self.cleaned_data)
