"""The installation's seal on facts: Ed25519 over their canonical JSON (docs/signing.md).

The private key is derived from the secret key: whoever has the database alone cannot seal.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"silian seal 1"


@dataclass(frozen=True)
class Sealed:
    """Facts as they were sealed; keep all three."""

    text: str  # canonical JSON
    key: str  # the public key, base64 of 32 bytes
    seal: str  # the signature of the text's UTF-8, base64 of 64 bytes


def canonical(facts: Mapping[str, str]) -> str:
    """One way to write facts whose values are texts: sorted names, no spaces."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(facts: Mapping[str, str]) -> Sealed:
    """The facts with the seal of the key in use."""
    text = canonical(facts)
    return Sealed(text, public_key(), _text(_private(settings.SECRET_KEY).sign(text.encode())))


def holds(text: str, key: str, seal: str) -> bool:
    """Was ``text`` sealed with the private half of ``key``?"""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
        public.verify(base64.b64decode(seal), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key() -> str:
    """The key in use, for whoever checks."""
    return _text(_private(settings.SECRET_KEY).public_key().public_bytes_raw())


@cache
def _private(secret: str) -> Ed25519PrivateKey:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
