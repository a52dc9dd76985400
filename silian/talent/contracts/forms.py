"""Who signs for the unit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from silian.governance.roles.policy import people_of
from silian.kernel.accounts.models import User
from silian.talent.internships.models import Internship


class OfferForm(forms.Form):
    """Who signs for the unit."""

    unit_signatory = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("signs for the unit"),
        required=False,
        help_text=gettext_lazy("Empty: its manager, or a page signed by hand."),
    )

    def __init__(self, internship: Internship, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit_signatory"]
        field.queryset, field.label_from_instance = (
            people_of(internship.unit),
            lambda user: user.name,
        )
