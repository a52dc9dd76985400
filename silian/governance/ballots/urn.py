"""The urn's lock: how slips are kept while a poll is open, and which codes they bear."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from silian.engines.tallying import Choice
from silian.governance.ballots.models import Urn

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nobody confuses these with one another
GROUPS, LETTERS = 3, 4  # 59 bits
SIGNS = {Choice.FAVOUR: "+", Choice.AGAINST: "-", Choice.ABSTAIN: "0"}

Choices = Mapping[str, Mapping[str, str]]  # question's order: option's order: for, against, abstain


@dataclass(frozen=True, order=True)
class Ballot:
    """One slip on its way: its code, and its marks in one fixed spelling and length."""

    code: str
    marks: str


def new_code() -> str:
    """Three groups of four letters and digits, from the system's source of randomness."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def tidied(code: str) -> str:
    """A code as people type it, in the spelling of ``new_code``."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return "-".join(letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS))


def is_code(text: str) -> bool:
    parts = text.split("-")
    return len(parts) == GROUPS and all(
        len(part) == LETTERS and set(part) <= set(ALPHABET) for part in parts
    )


def spelled(choices: Choices) -> str:
    """The marks as text, equally long whatever they say: an urn's size betrays no choice."""
    signs = {
        question: {option: SIGNS[Choice(choice)] for option, choice in options.items()}
        for question, options in choices.items()
    }
    return json.dumps(signs, sort_keys=True, separators=(",", ":"))


def meant(marks: str) -> dict[str, dict[str, str]]:
    """What ``spelled`` was given."""
    words = {sign: str(choice) for choice, sign in SIGNS.items()}
    return {
        question: {option: words[sign] for option, sign in options.items()}
        for question, options in json.loads(marks).items()
    }


def new_urn() -> tuple[bytes, bytes]:
    """An empty urn and its wrapped key."""
    key = Fernet.generate_key()
    return Fernet(key).encrypt(b"[]"), _outer().encrypt(key)


def contents(urn: Urn) -> list[Ballot]:
    """All slips, by code."""
    lock = Fernet(_outer().decrypt(bytes(urn.key)))
    return [Ballot(*pair) for pair in json.loads(lock.decrypt(bytes(urn.slips)))]


def filled(urn: Urn, slips: list[Ballot]) -> bytes:
    """What the urn's cell holds with exactly these slips in it, in the order of their codes."""
    lock = Fernet(_outer().decrypt(bytes(urn.key)))
    pairs = [[slip.code, slip.marks] for slip in sorted(slips)]
    return lock.encrypt(json.dumps(pairs).encode())


def _outer() -> Fernet:
    """The lock of all keys, made of the installation's secret key."""
    derive = HKDF(hashes.SHA256(), 32, salt=None, info=b"silian.ballots.urn")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
