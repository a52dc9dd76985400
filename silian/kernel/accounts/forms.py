"""Signing in, and what a newcomer tells where sign-up is open."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.kernel.accounts.models import User


class SignInForm(LoginForm):
    """allauth's, with a first field that says what it takes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = _("Account")
        field.widget.attrs |= {
            "placeholder": _("User name, e-mail or mobile phone"),
            "autocomplete": "username",
        }


class NewKeyForm(AddWebAuthnForm):
    """allauth's, with the one label that it leaves untranslated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class KeyNameForm(EditWebAuthnForm):
    """The same for a key that is there already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class NameForm(forms.Form):
    """The part of the sign-up form that allauth leaves to us."""

    name = forms.CharField(label=_("full name"), max_length=100)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
