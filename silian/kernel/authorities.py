"""Certificate authorities outside, with which people sign; an adapter is like ``Authority``.

``SILIAN_SIGNING_AUTHORITIES`` names them: ``cfca=package.module.Class``, several with commas. A key
stands in the record of each signature, so it never changes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from silian.kernel.files.models import StoredFile


class BadReceipt(Exception):
    """The receipt is forged, damaged, or not from this authority."""


@dataclass(frozen=True)
class Started:
    """Where the signatory signs, and what the authority calls this signature."""

    url: str
    reference: str = ""


@dataclass(frozen=True)
class Verified:
    """What an authority vouches for."""

    name: str
    organisation: str
    signed_at: datetime
    sha256: str  # of the document that was signed
    serial: str  # unique within the authority


class Authority(Protocol):
    label: str  # its name, as people know it

    def start(self, document: StoredFile, *, name: str, organisation: str) -> Started:
        """Prepare the signature of ``document`` by this person there."""
        ...

    def verify(self, receipt: str) -> Verified:
        """What ``receipt`` proves; raises BadReceipt where it proves nothing."""
        ...


def known() -> dict[str, Authority]:
    """The authorities of this installation, by key."""
    return {key: import_string(path)() for key, path in settings.SIGNING_AUTHORITIES.items()}
