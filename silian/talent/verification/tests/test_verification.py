import io
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
import segno
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.engines.compact import key_id, unpacked
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files import services as files
from silian.kernel.persons.tests.factories import make_person
from silian.talent.credentials import services as credentials
from silian.talent.credentials.models import Certificate
from silian.talent.credentials.tests.factories import make_certificate, make_kind, make_officer
from silian.talent.keyring import services as keyring
from silian.talent.verification import services

pytestmark = pytest.mark.django_db
CHECK = "/verify/"


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


def keys() -> dict[bytes, bytes]:
    return {key_id(public): public for public in services.public_keys()}


def outcome(client: Client, certificate: Certificate, **typed: object) -> str:
    facts = {"number": certificate.number, "name": certificate.name} | typed
    return str(client.post(CHECK, facts).context["answer"].outcome)


def test_anybody_is_told_whether_a_certificate_counts_and_nothing_else(client: Client) -> None:
    certificate = make_certificate()
    assert outcome(client, certificate) == "valid"
    assert outcome(client, certificate, number=f" {certificate.number.lower()} ") == "valid"
    page = client.post(CHECK, {"number": certificate.number, "name": certificate.name}).text
    for hidden in (certificate.kind.title_zh, certificate.kind.title_en, "Level 5"):
        assert hidden not in page
    checked = Entry.objects.about(certificate).filter(action="Certificate checked by its number")
    assert checked.count() == 3


def test_revoked_corrected_and_expired_are_told(client: Client) -> None:
    kind = make_kind()
    officer = make_officer(kind)
    revoked, corrected = make_certificate(kind), make_certificate(kind)
    credentials.revoke(revoked, reason="作弊", by=officer)
    new = credentials.correct(corrected, reason="错字", by=officer, name="欧阳一")
    assert outcome(client, revoked) == "revoked"
    assert "作弊" not in client.post(CHECK, {"number": revoked.number, "name": revoked.name}).text
    assert outcome(client, corrected) == "corrected"
    assert outcome(client, new) == "valid"
    assert outcome(client, new, version=1) == "unknown"  # the first version bore another name
    expiring = make_certificate(make_kind(family="training", months=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "today", lambda: expiring.expires_on + timedelta(days=1))
        assert outcome(client, expiring) == "expired"


def test_a_wrong_name_and_an_unknown_number_cannot_be_told_apart(client: Client) -> None:
    certificate = make_certificate()
    pages, queries = [], []
    for number in (certificate.number, "Y000137000999265000001"):
        with CaptureQueriesContext(connection) as asked:
            pages.append(client.post(CHECK, {"number": number, "name": "错误姓名"}))
        queries.append([q["sql"].split(" WHERE ")[0] for q in asked if "credentials" in q["sql"]])
    typed = (certificate.number, "Y000137000999265000001")
    texts = [page.text.replace(n, "N") for page, n in zip(pages, typed, strict=True)]
    changing = re.compile(r".*(csrf|nonce).*")
    plain = [changing.sub("", text) for text in texts]
    assert plain[0] == plain[1]
    assert queries[0] == queries[1]
    assert pages[0].context["answer"].outcome == "unknown"


def test_checks_are_limited_by_number_and_address(client: Client, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"certificate_check": "5/m/ip"}
    certificate = make_certificate()
    tries = [client.post(CHECK, {"number": certificate.number, "name": f"甲{n}"}) for n in range(6)]
    assert [page.status_code for page in tries] == [200] * 5 + [429]
    assert "Too many checks" in tries[-1].text and "甲5" in tries[-1].text


def test_the_code_leads_to_the_check_and_says_what_is_signed() -> None:
    certificate = make_certificate(person=make_person(name="林白露"))
    address, _hash, payload = services.code_of(certificate).partition("#")
    assert address.endswith(CHECK)
    facts = unpacked(payload, keys())
    assert facts[:4] == [certificate.pk, certificate.number, 1, "林白露"]
    raw = bytearray(urlsafe_b64decode(payload + "=="))
    raw[-3] ^= 1
    with pytest.raises(ValueError, match="signature"):
        unpacked(urlsafe_b64encode(bytes(raw)).decode(), keys())
    with pytest.raises(ValueError, match="not known"):
        unpacked(payload, {})
    with pytest.raises(ValueError, match="not a payload"):
        unpacked(payload[:40], keys())


def test_a_replaced_key_still_verifies_and_a_withdrawn_one_does_not() -> None:
    certificate = make_certificate()
    old = services.payload_of(certificate)
    admin = make_user()
    first = keyring.key_in_use()
    keyring.replace(by=admin)
    assert services.payload_of(certificate) != old
    assert unpacked(old, keys())[1] == certificate.number
    keyring.withdraw(first, reason="泄露", by=admin)
    with pytest.raises(ValueError, match="not known"):
        unpacked(old, keys())


def test_a_paper_has_its_holder_and_its_photo(client: Client) -> None:
    picture = io.BytesIO()
    segno.make("photo").save(picture, kind="png", scale=4)
    upload = SimpleUploadedFile("a.png", picture.getvalue())
    photo = files.store(upload, by=None, kinds=files.IMAGES)
    certificate = make_certificate(make_kind(shows_number=True), photo=photo)
    credentials.issue_again(certificate, reason="遗失", by=make_officer(certificate.kind))
    client.force_login(certificate.person.user)
    answer = client.get(f"/verify/papers/{certificate.pk}.pdf")
    assert answer.content.startswith(b"%PDF")
    assert Entry.objects.about(certificate).filter(action="Certificate taken as a PDF").exists()
    client.force_login(make_user())
    assert client.get(f"/verify/papers/{certificate.pk}.pdf").status_code == 404
    client.logout()
    assert client.get(f"/verify/papers/{certificate.pk}.pdf").status_code == 302


def test_the_downloaded_page_needs_nothing_beside_itself(client: Client) -> None:
    kind = make_kind()
    revoked = make_certificate(kind)
    credentials.revoke(revoked, reason="x", by=make_officer(kind))
    page = client.get("/verify/offline/download/").text
    assert (
        "<script src" not in page
        and "<link" not in page
        and "http://" not in page.split("<body>")[1]
    )
    assert "nacl" in page and revoked.name not in page
    served = client.get("/verify/offline/")
    assert "unsafe-inline" not in served.headers["Content-Security-Policy"].split("style-src")[0]
    status = client.get("/verify/status.json").json()
    assert json.loads(status["text"])["revoked"] == [revoked.pk]
    assert status["key"] == services.public_keys()[0].hex()
