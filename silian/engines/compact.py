"""A certificate in a QR code: few facts, signed, small enough to be printed and read by anything.

One byte of version, four of the key's digest, 64 of Ed25519, then the facts as a JSON list in
UTF-8; all as base64url. What is signed begins with PURPOSE, so that no other signature fits.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = 1
PURPOSE = b"silian certificate 1\n"
HEAD = 1 + 4 + 64


def key_id(public: bytes) -> bytes:
    """The four bytes by which a payload names its key."""
    return hashlib.sha256(public).digest()[:4]


def packed(facts: Sequence[object], public: bytes, sign: Callable[[bytes], bytes]) -> str:
    body = json.dumps(list(facts), ensure_ascii=False, separators=(",", ":")).encode()
    raw = bytes([VERSION]) + key_id(public) + sign(PURPOSE + body) + body
    return urlsafe_b64encode(raw).decode().rstrip("=")


def unpacked(text: str, keys: Mapping[bytes, bytes]) -> list[object]:
    """The facts of ``text`` where one of ``keys`` (by their ids) signed them; else ValueError."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(raw) <= HEAD or raw[0] != VERSION:
        raise ValueError("not a payload")
    public, body = keys.get(raw[1:5]), raw[HEAD:]
    if public is None:
        raise ValueError("signed with a key that is not known")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw[5:HEAD], PURPOSE + body)
    except InvalidSignature as wrong:
        raise ValueError("the signature does not fit") from wrong
    facts: list[object] = json.loads(body)
    return facts
