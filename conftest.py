from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from silian.kernel.accounts.models import User
from tests.sightings import unnoted


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests in real transactions are cleaned up by TRUNCATE, which the record refuses elsewhere."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_whole")
        cursor.execute("ALTER TABLE audit_link DISABLE TRIGGER audit_link_whole")


@pytest.fixture(autouse=True)
def _fast_and_local(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cheap password hashes, mail in memory, files in a folder of the test run, English pages."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = str(tmp_path_factory.getbasetemp() / "files")
    settings.LANGUAGE_CODE = "en"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(autouse=True)
def _whoever_is_named_can_see_it(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every page that any test opens: a person named in it to somebody else has a note of it."""
    answers: list[tuple[User, str, str]] = []
    send = Client.request

    def watched(client: Client, **facts: Any) -> HttpResponseBase:
        response = send(client, **facts)
        asked = response.wsgi_request
        viewer = getattr(asked, "auth", None) or getattr(asked, "user", None)
        shown = facts["REQUEST_METHOD"] == "GET" and response.status_code == 200
        if shown and not response.streaming and isinstance(viewer, User):
            typed = " ".join(map(str, asked.GET.values()))
            answers.append((viewer, response.content.decode(errors="ignore"), typed))
        return response

    monkeypatch.setattr(Client, "request", watched)
    yield
    if answers and "demo" not in request.path.parts:
        assert not unnoted(answers), "named without a note in consents.View"
