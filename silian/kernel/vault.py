"""What must not lie in the database in the clear: sealed with a key derived from the secret key.

A digest finds a sealed text again without reading it: keyed, so that whoever has the database
alone cannot try all numbers. Keys used before (SECRET_KEY_FALLBACKS) still open and still find.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# What seals everything of an app again with the key in use, and returns how much there was; an
# app that keeps something sealed adds its own in its receivers.py.
keepers: list[Callable[[], int]] = []
SEALING, FINDING = b"silian vault 1: sealing", b"silian vault 1: finding"


def sealed(text: str) -> bytes:
    """``text`` encrypted with the key in use; never twice the same."""
    return sealed_bytes(text.encode())


def opened(token: bytes) -> str:
    """What was sealed. Raises cryptography.fernet.InvalidToken where no key of ours fits."""
    return opened_bytes(token).decode()


def sealed_bytes(content: bytes) -> bytes:
    return _box(_secrets()).encrypt(content)


def opened_bytes(token: bytes) -> bytes:
    return _box(_secrets()).decrypt(token)


def digest(text: str) -> str:
    """A keyed digest of ``text`` with the key in use, to be stored beside what is sealed."""
    return _digest(settings.SECRET_KEY, text)


def digests(text: str) -> list[str]:
    """Every digest under which ``text`` may have been stored, that of the key in use first."""
    return [_digest(secret, text) for secret in _secrets()]


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _digest(secret: str, text: str) -> str:
    return hmac.new(_key(secret, FINDING), text.encode(), "sha256").hexdigest()


@cache
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    keys = (urlsafe_b64encode(_key(secret, SEALING)) for secret in secrets)
    return MultiFernet([Fernet(key) for key in keys])


@cache
def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
