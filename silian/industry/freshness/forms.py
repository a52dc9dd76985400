from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Rhythm


class RhythmForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Rhythm
        fields = ["ask_after", "lower_after", "close_after"]
        help_texts = {
            "ask_after": _("Counted from the day of the last confirmation."),
            "lower_after": _("It stands below the rest and is marked as unconfirmed."),
            "close_after": _("Its employer is told and can reopen it with one press."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ask, lower, close = (data.get(f"{step}_after") for step in ("ask", "lower", "close"))
        if ask is not None and ask < 1:
            self.add_error("ask_after", _("At least one day."))
        if ask and lower and lower <= ask:
            self.add_error("lower_after", _("This must be later than the step before it."))
        if lower and close and close <= lower:
            self.add_error("close_after", _("This must be later than the step before it."))
        return data
