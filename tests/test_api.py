"""The programming interface: what it promises in its description, to whom it shows what."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from silian.config.api import api
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.kernel.tokens import services as tokens

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
LISTS = """consortia charters council organisations bodies elections agreements positions rounds
codes codes/region skills releases releases/lines shortages""".split()


def items(client: Client, path: str, **headers: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{ROOT}/{path}", headers=headers)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.fixture
def handed_in() -> Position:
    """Seen by its employer and the secretariat, and by nobody else."""
    return make_position(make_consortium("harbour"), state="submitted")


def test_public_lists_need_no_sign_in(client: Client) -> None:
    make_membership(make_consortium("harbour"), make_organisation(name_en="Crane Works"))

    for name in LISTS:
        items(client, name)
    assert [row["slug"] for row in items(client, "consortia")] == ["harbour"]
    (membership,) = items(client, "organisations")[0]["memberships"]
    assert (membership["consortium"], membership["part"]) == ("harbour", "member")


def test_a_reader_sees_what_the_pages_show_them(client: Client, handed_in: Position) -> None:
    secretary = make_secretary(handed_in.consortium)
    assert not items(client, "positions")

    _token, secret = tokens.create_token("report", by=secretary, days=30)
    seen = items(client, "positions", authorization=f"Bearer {secret}")
    client.force_login(secretary)

    assert [row["state"] for row in seen] == ["submitted"]
    assert items(client, "positions") == seen
    assert "contact_name" not in seen[0]
    stranger = make_secretary(make_consortium())
    client.force_login(stranger)
    assert not items(client, "positions")


def test_a_token_that_does_not_count_is_refused(client: Client, handed_in: Position) -> None:
    secretary = make_secretary(handed_in.consortium)
    token, secret = tokens.create_token("report", by=secretary, days=30)
    tokens.withdraw_token(token, by=secretary)

    for authorization in (f"Bearer {secret}", "Bearer ", "Bearer guess", "Basic bGluOmxpbg=="):
        answer = client.get(f"{ROOT}/positions", headers={"authorization": authorization})
        assert answer.status_code == 401, authorization


def test_lists_are_filtered_and_paged(client: Client) -> None:
    harbour = make_consortium("harbour")
    for number in range(3):
        make_membership(harbour, make_organisation(name_zh=f"港口{number}"))
    make_organisation(Organisation.Kind.UNIVERSITY, name_zh="大学")

    assert len(items(client, "organisations?consortium=harbour&page_size=2")) == 2
    assert len(items(client, "organisations?consortium=harbour&page_size=2&page=2")) == 1
    assert [row["name_zh"] for row in items(client, "organisations?kind=university")] == ["大学"]
    assert len(items(client, "organisations?q=港口")) == 3


@pytest.mark.parametrize("path", ["organisations", "positions", "consortia"])
def test_a_list_costs_the_same_for_one_and_for_thirty(client: Client, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            items(client, path)
        return len(seen)

    make_position()
    one = queries()
    for _number in range(29):
        make_position()

    assert queries() == one


@pytest.mark.parametrize(
    "query", ["page=0", "page_size=1000", "kind=cat", "q=%00", "page=99999999999999999999", "q="]
)
def test_what_makes_no_sense_is_said(client: Client, query: str) -> None:
    assert client.get(f"{ROOT}/organisations?{query}").status_code == 422


def test_the_description_and_its_page(client: Client) -> None:
    description = client.get(f"{ROOT}/openapi.json").json()
    page = client.get(f"{ROOT}/docs")

    assert description["openapi"].startswith("3.1")
    assert page.status_code == 200 and "//cdn" not in page.text
    assert "unsafe-inline" not in page["Content-Security-Policy"]


schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = get_wsgi_application()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The test's transaction is seen by the requests: as Django's own client does it."""
    ends = [signals.request_started, signals.request_finished]
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_it_keeps_what_it_describes(case: Any) -> None:
    case.call_and_validate(
        checks=[not_a_server_error, response_schema_conformance, status_code_conformance]
    )
