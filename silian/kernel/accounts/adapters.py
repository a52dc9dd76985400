"""How allauth and django-cas-ng find, admit and keep people of ours."""

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_cas_ng.backends import CASBackend

from silian.kernel.accounts.models import User

INVITED = "invited"  # the session's key: its holder came with an open invitation


def plain_phone(typed: str) -> str:
    """``+86 138-0000-0000`` as it is kept: eleven digits."""
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", re.sub(r"[\s()-]", "", typed))


class MobileField(forms.CharField):
    """A mainland mobile number, however it is spaced."""

    def clean(self, value: Any) -> str:
        phone = plain_phone(super().clean(value) or "")
        if phone and not re.fullmatch(r"1[3-9]\d{9}", phone):
            raise forms.ValidationError(
                _("A mobile number has 11 digits and starts with 13 to 19.")
            )
        return phone


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation or import, and may be found by phone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.OPEN_SIGNUP)

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return MobileField(label=_("mobile phone"), **kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=plain_phone(phone)).first()

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = plain_phone(phone), verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, verified=True)


class OutsideAdapter(DefaultSocialAccountAdapter):
    """Who comes from a school's own sign-in (OIDC) and is unknown here needs an invitation."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(settings.ADMIT_UNKNOWN or request.session.get(INVITED))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("last_name"), data.get("first_name"))
        user.name = data.get("name") or "".join(filter(None, parts)) or user.username
        return user


class CampusBackend(CASBackend):
    """People of a CAS are known by their name there, behind a prefix: its ``admin`` is not ours."""

    def clean_username(self, username: str) -> str:
        return f"{settings.CAS_PREFIX}{super().clean_username(username)}"

    def configure_user(self, user: Any) -> Any:
        user.name = user.username.removeprefix(settings.CAS_PREFIX)
        user.set_unusable_password()
        user.save()
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """The locked are let through to allauth, which tells them so; it signs nobody in."""
        return user is not None
