"""Inviting somebody to a role, and making an account for it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User


class InviteForm(forms.Form):
    kind = forms.ChoiceField(label=_("role"))
    name = forms.CharField(label=_("full name"), max_length=100)
    email = forms.EmailField(
        label=_("e-mail"), help_text=_("The invitation is mailed there; the link works once.")
    )
    title = forms.CharField(label=_("job title"), max_length=100, required=False)

    def __init__(self, kinds: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, Role.Kind(kind).label) for kind in kinds]


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, user name and password; the e-mail address is the one that was invited."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=password_validation.password_validators_help_text_html,
    )

    class Meta:
        model = User
        fields = ["name", "username"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("This user name is taken. Please choose another."))
        return username

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        person = User(username=given.get("username", ""), name=given.get("name", ""))
        person.email = self.instance.email
        if "password" in given:
            try:
                password_validation.validate_password(given["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given
