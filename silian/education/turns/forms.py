"""A candidate, and where a turn goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.examiners.policy import members_of
from silian.education.practicals.models import Practical, Turn
from silian.governance.members.models import Organisation
from silian.kernel.sheets.fields import NumberOfPersonField
from silian.kernel.ui.widgets import MomentInput


class EntrantForm(forms.Form):
    name = forms.CharField(label=_("full name"), max_length=100)
    id_number = NumberOfPersonField(
        label=_("ID card number"), help_text=_("Kept encrypted and shown masked.")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("entered for"),
        required=False,
        widget=forms.Select({"data-search": ""}),
        help_text=_("Its own examiners do not judge this candidate."),
    )

    def __init__(self, *args: Any, practical: Practical, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side: Any = self.fields["organisation"]
        side.queryset = members_of(practical.consortium)


class TurnForm(forms.Form):
    begins = forms.DateTimeField(label=_("begins"), widget=MomentInput())
    desk = forms.IntegerField(label=_("desk"), min_value=1)

    def __init__(self, *args: Any, turn: Turn, **kwargs: Any) -> None:
        kwargs["initial"] = {"begins": turn.during.lower, "desk": turn.desk}
        super().__init__(*args, **kwargs)
