"""What an invigilator writes during an exam."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.answering.models import Incident


class MinutesForm(forms.Form):
    minutes = forms.IntegerField(label=_("minutes to add"), min_value=1, max_value=240)
    reason = forms.CharField(label=_("reason"), max_length=300)


class IncidentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Incident
        fields = "kind candidate note".split()
        widgets = {"note": forms.Textarea({"rows": 3})}
        help_texts = {"candidate": _("Empty where it concerns the whole room.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.instance.room.candidates.select_related("person").order_by("seat")
        self.fields["candidate"].queryset = people  # type: ignore[attr-defined]
