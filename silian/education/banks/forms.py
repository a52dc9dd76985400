"""A bank, and a seat in it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.banks.models import Bank, Seat
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User


class BankForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Bank
        fields = "organisation name_zh name_en".split()

    def __init__(
        self, owners: QuerySet[Organisation], *args: Any, own: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset, field.required = owners, not own  # type: ignore[attr-defined]
        field.empty_label = _("The consortium itself")  # type: ignore[attr-defined]

    def clean_name_zh(self) -> str:
        name: str = self.cleaned_data["name_zh"]
        if self.instance.consortium.banks.filter(name_zh=name).exists():
            raise forms.ValidationError(_("There is a bank of this name already."))
        return name


class SeatForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("person"), widget=forms.Select(attrs={"data-search": ""})
    )
    part = forms.ChoiceField(label=_("may"), choices=Seat.Part.choices)

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
