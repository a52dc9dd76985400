"""Making, using and withdrawing tokens."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.tokens.models import Token

PREFIX = "silian_"  # lets scanners of leaked secrets know ours
USE_NOTED_EVERY = timedelta(minutes=10)


@transaction.atomic
def create_token(name: str, *, by: User, days: int) -> tuple[Token, str]:
    """A new token and its secret, which nobody can read again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    token = Token.objects.create(
        user=by,
        name=name,
        sha256=digest_of(secret),
        ending=secret[-4:],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    record(token, gettext_noop("Token created"), by=by, days=days)
    return token, secret


@transaction.atomic
def withdraw_token(token: Token, *, by: User) -> None:
    """It no longer counts, from this moment on."""
    if token.withdrawn_at is None:
        token.withdrawn_at = clock.now()
        token.save(update_fields=["withdrawn_at"])
        record(token, gettext_noop("Token withdrawn"), by=by)


def user_of(secret: str) -> User | None:
    """Whose valid token this is; remembers now and then that it was used."""
    token = Token.objects.valid().filter(sha256=digest_of(secret)).first()
    if token is None:
        return None
    now = clock.now()
    if token.used_at is None or now - token.used_at > USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token.user


def digest_of(secret: str) -> str:
    """The secret has 256 random bits, so that one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
