"""Into which occupations graduates go: one field an occupation of the programme."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.education.programmes.models import Programme
from silian.kernel.codes.models import Code


class ShareForm(forms.Form):
    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occupations = {f"o{code.pk}": code for code in programme.occupations.all()}
        known = {f"o{share.occupation_id}": share.percent for share in programme.shares.all()}
        for name, code in self.occupations.items():
            self.fields[name] = forms.IntegerField(
                label=f"{code.name} (%)",
                min_value=0,
                max_value=100,
                required=False,
                initial=known.get(name),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if sum(value or 0 for value in data.values()) > 100:
            raise ValidationError(_("Together these are more than 100 percent."))
        return data

    def shares(self) -> dict[Code, int]:
        """What was stated; where nothing was, graduates are spread evenly again."""
        given = self.cleaned_data.items()
        return {self.occupations[name]: value for name, value in given if value is not None}
