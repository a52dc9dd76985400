"""Signing in and what people do to their own ways in: both are recorded here."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.conf import settings
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, response: HttpResponse, **kwargs: Any) -> None:
    """Show pages in the language that this person prefers, from now on."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)
    record(user, gettext_noop("Signed in"), by=user, address=request.META.get("REMOTE_ADDR"))


@receiver(auth.user_login_failed)
def refused(credentials: dict[str, Any], request: HttpRequest | None, **kwargs: Any) -> None:
    """A wrong password for somebody we know; names that nobody has are not kept."""
    user = User.objects.filter(username__iexact=credentials.get("username", "")).first()
    if user and request:
        address = request.META.get("REMOTE_ADDR")
        record(user, gettext_noop("Sign-in refused"), by=None, address=address)


@receiver(auth.user_logged_out)
def signed_out(user: User | None, **kwargs: Any) -> None:
    if user:
        record(user, gettext_noop("Signed out"), by=user)


@receiver(account.password_changed)
@receiver(account.password_set)
@receiver(account.password_reset)
def password_changed(user: User, **kwargs: Any) -> None:
    record(user, gettext_noop("Password changed"), by=user)


@receiver(mfa.authenticator_added)
def factor_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    record(user, gettext_noop("Second factor added"), by=user, kind=authenticator.type)


@receiver(mfa.authenticator_removed)
def factor_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    record(user, gettext_noop("Second factor removed"), by=user, kind=authenticator.type)
