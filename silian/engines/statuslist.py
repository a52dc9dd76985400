"""Bitstring Status Lists (W3C): one bit a credential, set where it no longer counts."""

import gzip
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

LENGTH = 131_072  # bits: the least that the standard allows, so that one hides among many


def place_of(key: int) -> tuple[int, int]:
    """Which list, and which bit of it, belongs to a row's key."""
    return divmod(key, LENGTH)


def encoded(ended: Iterable[int]) -> str:
    """The list with these bits set; the first bit is the leftmost."""
    bits = bytearray(LENGTH // 8)
    for place in ended:
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def is_set(text: str, place: int) -> bool:
    packed = text.removeprefix("u")
    bits = gzip.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return bool(bits[place // 8] & 0x80 >> place % 8)
