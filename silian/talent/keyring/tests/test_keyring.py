import io

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import LazySettings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from silian.engines.multibase import from_multibase, multibase
from silian.kernel import vault
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.talent.keyring import services
from silian.talent.keyring.models import Key

pytestmark = pytest.mark.django_db


def test_a_key_is_made_once_and_lies_encrypted() -> None:
    key = services.key_in_use()
    assert services.key_in_use() == key
    private = vault.opened_bytes(bytes(key.sealed))
    assert len(private) == 32 and private not in bytes(key.sealed)
    assert key.multikey.startswith("z6Mk")
    signature = services.sign(b"text", key)
    Ed25519PublicKey.from_public_bytes(bytes(key.public)).verify(signature, b"text")
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.create(public=b"x" * 32, sealed=b"y")


def test_the_system_administrator_replaces_and_withdraws_keys(client: Client) -> None:
    first = services.key_in_use()
    client.force_login(make_user())
    assert client.post("/verify/keys/replace/").status_code == 403
    assert client.post(f"/verify/keys/{first.pk}/withdraw/", {"reason": "x"}).status_code == 403
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    client.post("/verify/keys/replace/")
    first.refresh_from_db()
    assert first.state == "retired" and services.key_in_use() != first
    client.post(f"/verify/keys/{first.pk}/withdraw/", {"reason": ""})
    client.post(f"/verify/keys/{first.pk}/withdraw/", {"reason": "泄露"})
    first.refresh_from_db()
    assert first.state == "withdrawn"
    second = services.key_in_use()
    client.post(f"/verify/keys/{second.pk}/withdraw/", {"reason": "泄露"})
    assert Key.objects.filter(state="in_use").exclude(pk=second.pk).count() == 1
    client.logout()
    assert second.multikey in client.get("/verify/keys/").text


def test_keys_are_sealed_again_with_a_new_secret(settings: LazySettings) -> None:
    key = services.key_in_use()
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]
    call_command("seal_again", stdout=io.StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    key.refresh_from_db()
    assert services.sign(b"x", key)


@pytest.mark.parametrize("raw", [b"", b"\0\0a", b"\xff" * 34])
def test_base58_is_read_back(raw: bytes) -> None:
    assert from_multibase(multibase(raw)) == raw
    assert multibase(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
