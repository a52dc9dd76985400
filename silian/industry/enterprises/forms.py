"""What an enterprise makes and where, as a form."""

from typing import Any

from django import forms

from silian.governance.members.models import Organisation
from silian.industry.enterprises.models import Profile


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Profile
        fields = ["park", "products_zh", "products_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parks = Organisation.objects.filter(kind=Organisation.Kind.PARK)
        self.fields["park"].queryset = parks  # type: ignore[attr-defined]
