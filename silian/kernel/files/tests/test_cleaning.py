import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from pytest_django import DjangoCaptureOnCommitCallbacks

from silian.kernel import clock
from silian.kernel.audit.models import Entry
from silian.kernel.files import services, tasks
from silian.kernel.files.models import StoredFile
from silian.kernel.files.tests.factories import make_stored

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=8)


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def make_old(stored: StoredFile) -> StoredFile:
    StoredFile.objects.filter(pk=stored.pk).update(at=clock.now() - LONG_AGO)
    return stored


def test_what_nobody_uses_goes_after_a_week(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old, fresh = make_old(make_stored()), make_stored()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.clean(0)
    assert list(StoredFile.objects.all()) == [fresh]
    assert not default_storage.exists(old.content.name)
    assert default_storage.exists(fresh.content.name)
    assert Entry.objects.get(action="Unused file removed").detail == {"sha256": old.sha256}


def test_what_a_row_points_at_stays() -> None:
    stored = make_old(make_stored())
    relations = StoredFile._meta.get_fields(include_hidden=True)
    pointing = [r for r in relations if isinstance(r, models.ForeignObjectRel)]
    assert pointing
    for relation in pointing:
        query = str(StoredFile.objects.unused().query)
        assert relation.related_model._meta.db_table in query
    assert StoredFile.objects.unused().filter(pk=stored.pk).exists()


def test_content_of_a_transaction_that_was_rolled_back_goes() -> None:
    long_ago = clock.now() - LONG_AGO
    folder = f"{long_ago:%Y/%m}"
    stray = default_storage.save(f"{folder}/stray", ContentFile(b"x"))
    fresh = default_storage.save(f"{folder}/fresh", ContentFile(b"x"))
    moment = long_ago.timestamp()
    os.utime(default_storage.path(stray), (moment, moment))
    assert services.clean() == 1
    assert not default_storage.exists(stray) and default_storage.exists(fresh)


def test_an_empty_storage_is_clean() -> None:
    assert services.clean() == 0
