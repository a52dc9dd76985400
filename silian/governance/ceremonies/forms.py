"""What is signed, in the order in which it is signed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements.models import Agreement


class OrderForm(forms.Form):
    """Ticked agreements; the cleaned list has the order in which the rows stood."""

    agreements = forms.ModelMultipleChoiceField(
        queryset=Agreement.objects.none(),
        label=_("agreements"),
        error_messages={"required": _("Choose at least one agreement.")},
    )

    def __init__(self, choices: QuerySet[Agreement], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreements"].queryset = choices  # type: ignore[attr-defined]

    def clean_agreements(self) -> list[Agreement]:
        rows = {str(row.pk): row for row in self.cleaned_data["agreements"]}
        keys: list[str] = self.data.getlist("agreements")  # type: ignore[attr-defined]
        return [rows[key] for key in dict.fromkeys(keys) if key in rows]
