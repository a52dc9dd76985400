"""The demo, loaded once for every test of this package."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from silian.demo.cast import founding
from silian.demo.loading import services
from silian.demo.loading.tests.digest import digest_of_body
from silian.kernel.codes.imports import load_shipped

FIRST = services.SLUGS[:1]


@pytest.fixture(scope="package", autouse=True)
def first_load(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A transaction with the demo in it, rolled back at the end; tells what an earlier load made.

    What a test writes is rolled back to a savepoint of its own.
    """
    folder: Path = tmp_path_factory.mktemp("demo-files")
    files = override_settings(MEDIA_ROOT=str(folder))
    with django_db_blocker.unblock(), transaction.atomic(), files:
        load_shipped()
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            patch.setattr(services, "SLUGS", FIRST)
            services.load_demo()
            made = digest_of_body(FIRST[0])
            transaction.set_rollback(True)
        services.load_demo()
        connection.check_constraints()  # now, and not again at the end of each test
        yield made
        transaction.set_rollback(True)
    founding.code.cache_clear()
