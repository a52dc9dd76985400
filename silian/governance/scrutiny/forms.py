"""Scrutineers, and the hours of a round, as forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.elections.models import Candidate, Election
from silian.governance.roles.models import Role
from silian.governance.scrutiny import policy
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.ui.widgets import MomentInput


class ScrutineerForm(forms.Form):
    user = forms.ModelChoiceField(
        label=gettext_lazy("scrutineer"),
        queryset=User.objects.none(),
        widget=forms.Select(attrs={"data-search": ""}),
        help_text=gettext_lazy("Somebody of a member or of the secretariat who does not stand."),
    )

    def __init__(self, election: Election, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        standing = Candidate.objects.filter(race__election=election, user__isnull=False)
        found = policy.possible_scrutineers(election.consortium)
        field.queryset = found.exclude(pk__in=standing.values("user")).exclude(
            pk__in=election.scrutineers.values("user")
        )
        units = dict(
            Role.objects.running()
            .filter(organisation__isnull=False, user__in=found)
            .values_list("user", "organisation__name_zh")
        )
        field.label_from_instance = lambda user: f"{user} · {units.get(user.pk, '')}".rstrip(" ·")  # type: ignore[assignment]


class HoursForm(forms.Form):
    """From when to when ballots are taken."""

    opens_at = forms.DateTimeField(label=gettext_lazy("voting begins"), widget=MomentInput())
    closes_at = forms.DateTimeField(label=gettext_lazy("voting ends"), widget=MomentInput())

    def clean_closes_at(self) -> Any:
        return _ahead(self.cleaned_data["closes_at"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Voting ends after it begins."))
        return data


class ExtendForm(forms.Form):
    """More time for everybody; never less, as some may count on the hours that were announced."""

    closes_at = forms.DateTimeField(label=gettext_lazy("voting ends"), widget=MomentInput())
    why = forms.CharField(label=gettext_lazy("reason"), max_length=300)

    def clean_closes_at(self) -> Any:
        later = self.cleaned_data["closes_at"]
        if later <= self.initial["closes_at"]:
            raise ValidationError(_("The end can only be put off."))
        return _ahead(later)


def _ahead(moment: Any) -> Any:
    if moment <= clock.now():
        raise ValidationError(_("This moment is in the past."))
    return moment
