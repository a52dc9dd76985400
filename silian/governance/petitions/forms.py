from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Organ
from silian.governance.members.models import Organisation
from silian.governance.petitions.models import Petition


class PetitionForm(forms.ModelForm):  # type: ignore[type-arg]
    unit = forms.ModelChoiceField(
        label=_("unit"), queryset=Organisation.objects.none(), empty_label=None
    )

    class Meta:
        model = Petition
        fields = ["organ", "title", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, units: dict[str, set[int]], *args: Any, **kwargs: Any) -> None:
        """``units`` are the keys of one's units in each organ."""
        super().__init__(*args, **kwargs)
        self.units = units
        organ = self.fields["organ"]
        assert isinstance(organ, forms.ChoiceField)
        organ.choices = [(value, Organ(value).label) for value, keys in units.items() if keys]
        found = Organisation.objects.filter(pk__in=set().union(*units.values()))
        self.fields["unit"].queryset = found  # type: ignore[attr-defined]
        self.fields["unit"].initial = found.first()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unit, organ = data.get("unit"), data.get("organ")
        if unit and organ and unit.pk not in self.units[organ]:
            self.add_error("unit", _("This unit does not sit in that organ."))
        return data
