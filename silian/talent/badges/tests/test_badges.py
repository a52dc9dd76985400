import io
import json
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from pyld.jsonld import JsonLdError

from silian.engines.baking import NAMESPACE, credential_in_png
from silian.engines.integrity import _shipped, digest_of
from silian.engines.statuslist import is_set
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.talent.badges import services
from silian.talent.badges.models import Badge
from silian.talent.credentials import services as credentials
from silian.talent.credentials.models import Certificate
from silian.talent.credentials.tests.factories import make_certificate, make_kind, make_officer
from silian.talent.keyring import services as keyring

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).resolve().parents[4] / "tests" / "verifier"


@pytest.fixture(autouse=True)
def _at_an_address(settings: LazySettings) -> None:
    settings.SITE_URL = "https://silian.example"
    cache.clear()


def not_ours(certificate: Certificate, **changes: Any) -> dict[str, Any]:
    """What npm's implementation says of the badge as it was handed out, with our documents as the
    server answers them now."""
    node = shutil.which("node")
    if not node or not (VERIFIER / "node_modules").is_dir():
        reason = "no node here, or npm ci was not run in tests/verifier"
        if os.environ.get("SILIAN_NODE") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    credential = json.loads(Badge.objects.get(certificate=certificate).text) | changes
    listed = credential["credentialStatus"]["statusListCredential"]
    client = Client()
    documents = {
        services.did(): json.loads(client.get("/.well-known/did.json").content),
        listed: json.loads(client.get(listed.removeprefix("https://silian.example")).content),
    }
    order = json.dumps({"credential": credential, "documents": documents})
    command = [node, str(VERIFIER / "verify.mjs")]
    done = subprocess.run(command, input=order, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_npm_verifies_what_we_sign_and_refuses_what_was_tampered_with() -> None:
    certificate = make_certificate()
    document = json.loads(services.text_of(certificate))
    assert not_ours(certificate) == {"verified": True, "why": ""}
    subject = json.loads(json.dumps(document["credentialSubject"]))
    subject["identifier"][0]["identityHash"] = "别人"
    said = not_ours(certificate, credentialSubject=subject)
    assert not said["verified"] and "signature" in said["why"].lower()
    assert not not_ours(certificate, type=["VerifiableCredential"])["verified"]


def test_npm_refuses_what_was_revoked_or_corrected() -> None:
    kind = make_kind()
    officer = make_officer(kind)
    revoked, corrected, valid = (make_certificate(kind) for _ in range(3))
    for certificate in (revoked, corrected, valid):
        services.text_of(certificate)
    credentials.revoke(revoked, reason="作弊", by=officer)
    credentials.correct(corrected, reason="错字", by=officer, name="欧阳一")
    for certificate in (revoked, corrected):
        said = not_ours(certificate)
        assert not said["verified"] and said["why"] == "The credential was revoked."
    assert not_ours(valid)["verified"]


def test_npm_refuses_what_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = make_kind(family="training", months=1)
    long_ago = clock.today() - timedelta(days=90)
    holder = credentials.Holder(make_certificate(kind).person, earned_on=long_ago, hours=8)  # type: ignore[arg-type]
    certificate = credentials.issue(kind, [holder], by=None, on=long_ago)[0]
    services.text_of(certificate)
    said = not_ours(certificate)
    assert not said["verified"] and "validUntil" in said["why"]


def test_npm_verifies_after_a_key_was_replaced_and_not_after_it_was_withdrawn() -> None:
    certificate = make_certificate()
    first, admin = keyring.key_in_use(), make_user(duty=User.Duty.SYSTEM)
    old = services.text_of(certificate)
    keyring.replace(by=admin)
    assert services.text_of(certificate) == old
    assert not_ours(certificate)["verified"]
    keyring.withdraw(first, reason="泄露", by=admin)
    assert not not_ours(certificate)["verified"]
    assert services.text_of(certificate) != old
    assert not_ours(certificate)["verified"]


@pytest.mark.parametrize("family", ["skill_level", "x_certificate", "training", "contest"])
def test_every_family_verifies(family: str) -> None:
    certificate = make_certificate(make_kind(family=family, months=24))
    services.text_of(certificate)
    assert not_ours(certificate)["verified"]


def test_nothing_is_fetched() -> None:
    for address in ("https://www.w3.org/2018/credentials/v1", "file:///etc/passwd"):
        with pytest.raises(ValueError, match="nothing is fetched"):
            _shipped(address, {})
    document = {"@context": ["https://evil.example/context"], "id": "urn:x"}
    with pytest.raises(JsonLdError):
        digest_of(document, {"type": "DataIntegrityProof"})


def test_a_badge_is_baked_into_png_and_svg(client: Client) -> None:
    certificate = make_certificate()
    client.force_login(certificate.person.user)
    address = f"/verify/badges/{certificate.pk}"
    text = client.get(f"{address}.json").content.decode()
    assert json.loads(text)["credentialSubject"]["licenseNumber"] == certificate.number
    png = client.get(f"{address}.png")
    assert png["Content-Type"] == "image/png" and credential_in_png(png.content) == text
    svg = client.get(f"{address}.svg").content.decode()
    element = ElementTree.fromstring(svg).find(f"{{{NAMESPACE}}}credential")
    assert element is not None and element.text == text
    assert Entry.objects.about(certificate).filter(action="Certificate taken as a badge").exists()
    assert client.get(f"{address}.exe").status_code == 404
    client.force_login(make_user())
    assert client.get(f"{address}.json").status_code == 404
    with pytest.raises(ValueError, match="no credential"):
        credential_in_png(io.BytesIO(b"\x89PNG\r\n\x1a\n").getvalue())


def test_the_status_list_has_room_for_many_and_one_bit_set(client: Client) -> None:
    kind = make_kind()
    revoked = make_certificate(kind)
    credentials.revoke(revoked, reason="x", by=make_officer(kind))
    answer = client.get("/verify/status/0/")
    assert answer["Content-Type"] == "application/vc"
    encoded = json.loads(answer.content)["credentialSubject"]["encodedList"]
    assert is_set(encoded, revoked.pk) and not is_set(encoded, revoked.pk + 1)
    assert client.get("/verify/status/99999/").status_code == 404


def test_ones_own_page_shows_ones_own(client: Client) -> None:
    mine, others = make_certificate(), make_certificate()
    client.force_login(mine.person.user)
    page = client.get("/me/certificates/").text
    assert mine.number in page and others.number not in page
    assert "https://silian.example/verify/#" in page
    credentials.revoke(mine, reason="作弊", by=make_officer(mine.kind))
    page = client.get("/me/certificates/").text
    assert "作弊" in page and "/verify/#" not in page
    assert client.get(f"/verify/badges/{mine.pk}.json").status_code == 404
    client.force_login(make_user())
    assert "No certificate has been issued to you" in client.get("/me/certificates/").text
