"""Base58 as Multibase (z…), and Ed25519 public keys as Multikeys (z6Mk…)."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"  # the multicodec of an Ed25519 public key


def multibase(raw: bytes) -> str:
    """``raw`` in Bitcoin's base58, with the ``z`` that says so."""
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + text


def from_multibase(text: str) -> bytes:
    """The bytes again; ValueError where it is no base58."""
    if not text.startswith("z"):
        raise ValueError(text)
    number = 0
    for letter in text[1:]:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text) - 1 - len(text[1:].lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(public: bytes) -> str:
    return multibase(ED25519_PUBLIC + public)
