"""Inviting somebody to a role."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.governance.roles.models import Role


class InviteForm(forms.Form):
    kind = forms.ChoiceField(label=_("role"))
    name = forms.CharField(label=_("name"), max_length=100)
    email = forms.EmailField(
        label=_("e-mail"), help_text=_("The invitation is mailed there; the link works once.")
    )
    title = forms.CharField(label=_("title"), max_length=100, required=False)

    def __init__(self, kinds: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, Role.Kind(kind).label) for kind in kinds]
