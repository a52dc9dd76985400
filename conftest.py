import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _fast_and_local(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cheap password hashes, mail in memory, files in a folder of the test run, English pages."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = str(tmp_path_factory.getbasetemp() / "files")
    settings.LANGUAGE_CODE = "en"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
