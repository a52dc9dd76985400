"""Signing badges and status lists, and the document that tells our keys."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from silian.engines.baking import baked_png, baked_svg
from silian.engines.integrity import CREDENTIALS, OPEN_BADGES, signed
from silian.engines.statuslist import LENGTH, encoded, place_of
from silian.kernel import clock
from silian.kernel.documents.services import sheet_of
from silian.talent.badges.models import Badge
from silian.talent.credentials.models import Certificate
from silian.talent.credentials.scales import Family
from silian.talent.keyring.models import Key
from silian.talent.keyring.policy import trusted
from silian.talent.keyring.services import key_in_use, sign

PICTURE = Path(__file__).parent / "typesetting" / "badge.typ"
KINDS = {  # words of Open Badges 3.0
    Family.SKILL: "Certification",
    Family.X: "Certification",
    Family.TRAINING: "CertificateOfCompletion",
    Family.CONTEST: "Award",
    Family.TEACHER: "Certification",
}
FRESH = 3600  # seconds for which a status list that has not changed is served as it was signed


def did() -> str:
    """This installation as a did:web."""
    return f"did:web:{quote(urlsplit(settings.SITE_URL).netloc, safe='')}"


def did_document() -> dict[str, Any]:
    """Our public keys, for whoever verifies: those that were replaced too, so that what they signed
    goes on counting; a key that was withdrawn is gone."""
    key_in_use()
    keys = list(trusted())
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did(),
        "verificationMethod": [
            {
                "id": _method(key),
                "type": "Multikey",
                "controller": did(),
                "publicKeyMultibase": key.multikey,
            }
            for key in keys
        ],
        "assertionMethod": [_method(key) for key in keys],
    }


@transaction.atomic
def text_of(certificate: Certificate) -> str:
    """The certificate as a signed Open Badge, in JSON. Signing takes a while: it is done once."""
    known = Badge.objects.filter(certificate=certificate).select_related("key").first()
    if known and known.key.state != Key.State.WITHDRAWN:
        return known.text
    key = key_in_use()
    document = _signed(_credential(certificate), key)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    facts = {"text": text, "key": key, "signed_at": clock.now()}
    Badge.objects.update_or_create(certificate=certificate, defaults=facts)
    return text


def status_list(number: int) -> dict[str, Any]:
    """The signed list that tells which of its certificates no longer count."""
    first = number * LENGTH
    rows = Certificate.objects.exclude(state=Certificate.State.VALID)
    ended = rows.filter(pk__range=(first, first + LENGTH - 1)).values_list("pk", flat=True)
    places, key = sorted(place_of(pk)[1] for pk in ended), key_in_use()
    name = f"status-list:{number}:{key.pk}:{hash(tuple(places))}"
    found: dict[str, Any] | None = cache.get(name)
    if found is None:
        found = _signed(_status(number, places), key)
        cache.set(name, found, FRESH)
    return found


def png_of(certificate: Certificate) -> bytes:
    """The badge's picture with the credential inside."""
    picture = sheet_of(PICTURE, _shown(certificate), form="png")
    return baked_png(picture, text_of(certificate))


def svg_of(certificate: Certificate) -> bytes:
    picture = sheet_of(PICTURE, _shown(certificate), form="svg").decode()
    return baked_svg(picture, text_of(certificate)).encode()


def _signed(document: dict[str, Any], key: Key) -> dict[str, Any]:
    now = clock.now().astimezone(UTC)
    return signed(document, method=_method(key), created=now, sign=lambda digest: sign(digest, key))


def _method(key: Key) -> str:
    return f"{did()}#{key.multikey}"


def _address(name: str, *args: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _moment(day: date, at: time) -> str:
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(day, at, zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _credential(certificate: Certificate) -> dict[str, Any]:
    """What is signed. Open Badges know one language: Chinese, as on the paper."""
    kind = certificate.kind
    document = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": f"urn:uuid:{certificate.uid}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": kind.title_zh,
        "issuer": {"id": did(), "type": ["Profile"], "name": kind.issuer.name_zh},
        "validFrom": _moment(certificate.issued_on, time.min),
        "awardedDate": _moment(certificate.earned_on, time.min),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": certificate.name,
                    "identityType": "name",
                }
            ],
            "licenseNumber": certificate.number,
            "achievement": _achievement(certificate),
        },
        "credentialStatus": _status_entry(certificate),
    }
    if certificate.expires_on:
        document["validUntil"] = _moment(certificate.expires_on, time(23, 59, 59))
    return document


def _achievement(certificate: Certificate) -> dict[str, Any]:
    kind = certificate.kind
    with override("zh-hans"):
        name = " · ".join(filter(None, [kind.title_zh, certificate.level_name]))
    about = certificate.event_zh or kind.about_zh
    return {
        "id": _address("credentials:kind_detail", kind.consortium, kind.pk),
        "type": ["Achievement"],
        "achievementType": KINDS[Family(certificate.family)],
        "name": name,
        "description": about,
        "criteria": {"narrative": kind.about_zh},
    }


def _status_entry(certificate: Certificate) -> dict[str, str]:
    number, place = place_of(certificate.pk)
    address = _address("badges:status_list", number)
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def _status(number: int, places: list[int]) -> dict[str, Any]:
    address = _address("badges:status_list", number)
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did(),
        "validFrom": clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(places),
        },
    }


def _shown(certificate: Certificate) -> dict[str, object]:
    """What stands on the picture of a badge."""
    kind = certificate.kind
    with override("zh-hans"):
        family, level = certificate.get_family_display(), certificate.level_name
    issuer, day = kind.issuer.name_zh, certificate.issued_on.isoformat()
    return {"family": family, "title": kind.title_zh, "level": level, "issuer": issuer, "on": day}
