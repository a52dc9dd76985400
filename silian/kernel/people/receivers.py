"""What follows a sign-in, and the record of what people do to their own ways in."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, response: HttpResponse, **kwargs: Any) -> None:
    """Show pages in the language that this person prefers, from now on."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)


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
