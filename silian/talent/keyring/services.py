"""Making, replacing and withdrawing keys, and signing with the one in use."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.utils.translation import gettext_noop

from silian.kernel import clock, vault
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import move
from silian.talent.keyring.models import Key

State = Key.State
LOCK = 0x5117A  # one at a time makes a key


def key_in_use() -> Key:
    """The key that signs; made where there is none yet."""
    return Key.objects.filter(state=State.IN_USE).first() or _first()


@transaction.atomic
def _first() -> Key:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return Key.objects.filter(state=State.IN_USE).first() or _made(None)


@transaction.atomic
def replace(*, by: User) -> Key:
    """A new key signs from now on; what the old one signed still verifies."""
    move(key_in_use(), State.RETIRED, by=by, ended_at=clock.now())
    return _made(by)


@transaction.atomic
def withdraw(key: Key, *, reason: str, by: User) -> None:
    """Nothing that ``key`` signed counts any more: its private half may be known to others."""
    if key.state == State.IN_USE:
        replace(by=by)
        key.refresh_from_db()
    move(key, State.WITHDRAWN, by=by, why=reason)


def sign(message: bytes, key: Key) -> bytes:
    """64 bytes of Ed25519 over ``message``."""
    return _private(key.pk, bytes(key.sealed)).sign(message)


def seal_again() -> int:
    """Encrypt every private half with the secret key in use; how many there were."""
    keys = list(Key.objects.all())
    for key in keys:
        key.sealed = vault.sealed_bytes(vault.opened_bytes(bytes(key.sealed)))
    Key.objects.bulk_update(keys, ["sealed"])
    return len(keys)


def _made(by: User | None) -> Key:
    private = Ed25519PrivateKey.generate()
    key = Key.objects.create(
        public=private.public_key().public_bytes_raw(),
        sealed=vault.sealed_bytes(private.private_bytes_raw()),
        made_by=by,
    )
    record(key, gettext_noop("Key for certificates made"), by=by)
    return key


@lru_cache(maxsize=4)
def _private(pk: int, sealed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(vault.opened_bytes(sealed))
