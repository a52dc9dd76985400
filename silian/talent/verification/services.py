"""The code on a certificate, what a check answers, and the signed list of what no longer counts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop, override

from silian.engines import compact
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.persons.identity import same_name
from silian.talent.credentials.models import Certificate
from silian.talent.credentials.services import note_view
from silian.talent.keyring import policy as keyring
from silian.talent.keyring.services import key_in_use, sign

State = Certificate.State
STATUS = b"silian status 1\n"  # what the signature of the list begins with
NOBODY = "此编号不存在"  # whom an unknown number is compared with


@dataclass(frozen=True)
class Answer:
    """What whoever checks is told: one word, and nothing else of the person."""

    outcome: str  # valid, expired, revoked, corrected, unknown

    @property
    def counts(self) -> bool:
        return self.outcome == "valid"


def code_of(certificate: Certificate) -> str:
    """The address in the QR code: the check, and behind the # what is signed.

    Browsers do not send what stands behind the #, so the server never reads it.
    """
    return f"{settings.SITE_URL}{reverse('verification:check')}#{payload_of(certificate)}"


def payload_of(certificate: Certificate) -> str:
    key = key_in_use()
    return compact.packed(_facts(certificate), bytes(key.public), lambda text: sign(text, key))


def _facts(certificate: Certificate) -> list[object]:
    kind = certificate.kind
    with override("zh-hans"):
        level = certificate.level_name
    return [
        certificate.pk,
        certificate.number,
        certificate.version,
        certificate.name,
        kind.title_zh,
        level,
        kind.issuer.name_zh,
        certificate.issued_on.isoformat(),
        certificate.expires_on.isoformat() if certificate.expires_on else "",
    ]


@transaction.atomic
def check(number: str, name: str, version: int | None, *, by: User | None) -> Answer:
    """Does the certificate of this number and name count?

    An unknown number and a wrong name take the same way and get the same answer.
    """
    rows = list(Certificate.objects.filter(number=number).order_by("-version"))
    named = [row for row in rows if same_name(row.name, name)]
    if not rows:
        same_name(NOBODY, name)
    wanted = [row for row in named if version in (None, row.version)]
    if not wanted:
        return Answer("unknown")
    note_view(wanted[0], by=by, how=gettext_noop("Certificate checked by its number"))
    return Answer("expired" if wanted[0].is_expired else str(wanted[0].state))


def status() -> Mapping[str, Any]:
    """What no longer counts, signed: for checking without this server."""
    ended = Certificate.objects.exclude(state=State.VALID).order_by("pk")
    rows = list(ended.values_list("pk", "state"))
    facts = {
        "made": clock.now().isoformat(timespec="seconds"),
        "revoked": [pk for pk, state in rows if state == State.REVOKED],
        "corrected": [pk for pk, state in rows if state == State.CORRECTED],
    }
    text = json.dumps(facts, separators=(",", ":"))
    key = key_in_use()
    signature = sign(STATUS + text.encode(), key)
    return {"text": text, "key": bytes(key.public).hex(), "signature": signature.hex()}


def public_keys() -> list[bytes]:
    """Of all keys whose signatures count."""
    key_in_use()
    return [bytes(key.public) for key in keyring.trusted()]
