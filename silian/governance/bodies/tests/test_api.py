import pytest
from django.test import Client

from silian.governance.bodies.tests.factories import make_body, make_proposal
from silian.governance.members.tests.factories import make_consortium, make_membership, make_staff

pytestmark = pytest.mark.django_db


def test_programs_read_the_register_and_no_application(client: Client) -> None:
    consortium = make_consortium("harbour")
    firm = make_membership(consortium).organisation
    make_proposal(consortium, firm, by=make_staff(firm), state="submitted")
    make_body(
        consortium, "phd_station", state="running", host=firm, name_zh="博士站", name_en="Station"
    )
    make_body(make_consortium())

    items = client.get("/api/v1/bodies", {"consortium": "harbour"}).json()["items"]

    assert [(row["name_en"], row["kind"], row["host"]) for row in items] == [
        ("Station", "phd_station", firm.name_zh)
    ]
    assert (
        client.get("/api/v1/bodies", {"kind": "phd_station", "state": "planned"}).json()["count"]
        == 0
    )
    assert client.get("/api/v1/bodies", {"q": "博士"}).json()["count"] == 1
