"""What a newcomer tells, where sign-up is open."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.kernel.accounts.models import User


class NameForm(forms.Form):
    """The part of the sign-up form that allauth leaves to us."""

    name = forms.CharField(label=_("full name"), max_length=100)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
