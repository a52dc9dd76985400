"""What those who watch an installation are told: health, log lines."""

import json
import logging

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from silian.config import health
from silian.config.settings import LOGGING
from silian.kernel.accounts.tests.factories import make_user

pytestmark = pytest.mark.django_db


def see_a_worker(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_livez_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/livez").status_code == 200


def test_readyz_wants_a_worker_that_reported_lately(client: Client) -> None:
    see_a_worker(seconds_ago=120)
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz?for=web").status_code == 200

    see_a_worker(seconds_ago=5)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "migrations": True, "worker": True}
    assert "no-store" in answer["Cache-Control"]


def test_readyz_wants_every_migration(client: Client) -> None:
    health.nothing_to_migrate.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sheets'")

    answer = client.get("/readyz?for=web")

    assert answer.status_code == 503 and answer.json()["migrations"] is False
    health.nothing_to_migrate.cache_clear()


def test_health_is_answered_without_https(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/livez").status_code == 200
    assert client.get("/accounts/login/").status_code == 301


def line_of(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    return next(r for r in caplog.records if r.name == "silian.config.logs")


def test_a_request_is_one_line_that_says_who_what_and_how_long(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "silian")
    user = make_user()
    client.force_login(user)
    answer = client.get("/me/tokens/?q=private", headers={"x-request-id": "proxy-1234"})

    line = line_of(caplog)
    assert (line.user_id, line.method, line.path, line.status) == (
        *(user.pk, "GET", "/me/tokens/", 200),
    )
    assert line.ms > 0 and answer["X-Request-ID"] == line.request_id == "proxy-1234"


@pytest.mark.parametrize("given", ["", "short", "with space and more", "x" * 65, "a\nb-injected"])
def test_only_a_sound_request_id_is_taken_over(client: Client, given: str) -> None:
    answer = client.get("/livez", headers={"x-request-id": given} if given else {})

    assert answer["X-Request-ID"] != given and len(answer["X-Request-ID"]) == 32


def test_secret_parts_of_an_address_are_not_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "silian")
    client.get(f"/invitations/{'s3cret' * 6}/")

    assert line_of(caplog).path == "/invitations/…/"


def test_lines_are_json() -> None:
    module, _dot, name = LOGGING["formatters"]["json"]["()"].rpartition(".")
    formatter = getattr(__import__(module, fromlist=[name]), name)(
        LOGGING["formatters"]["json"]["format"],
        rename_fields=LOGGING["formatters"]["json"]["rename_fields"],
    )
    record = logging.makeLogRecord({"msg": "GET 200", "levelname": "INFO", "status": 200})

    line = json.loads(formatter.format(record))

    assert line["message"] == "GET 200" and line["level"] == "INFO" and line["status"] == 200
    assert "time" in line
