import pytest
from django.conf import LazySettings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker


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
