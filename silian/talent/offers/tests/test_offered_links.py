"""A round's pages offer each reader only what that reader can open."""

import re

import pytest
from django.test import Client

from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel.accounts.models import User
from silian.talent.placement import services
from silian.talent.placement.tests.factories import make_contest, run_round
from silian.talent.wishes.tests.factories import make_member_student, make_open_round

pytestmark = pytest.mark.django_db


def pages_offered(client: Client, user: User, address: str) -> set[str]:
    """What the links on a page lead to, each of them opened."""
    client.force_login(user)
    text = client.get(address).text
    offered = set(re.findall(r'href="([^"?#]*/placement/[^"?#]*/)"', text))
    assert {link: client.get(link).status_code for link in offered} == dict.fromkeys(offered, 200)
    return offered


def test_an_open_round_offers_wishes_to_students_and_applicants_to_employers(
    client: Client,
) -> None:
    found = make_open_round()
    address = f"/{found.consortium.slug}/placement/{found.pk}/"
    student = make_member_student(found).user
    firm = found.seats.first().position.organisation  # type: ignore[union-attr]
    assert student
    assert f"{address}wishes/" in pages_offered(client, student, address)
    employer = pages_offered(client, make_staff(firm), address)
    assert f"{address}applicants/" in employer and f"{address}wishes/" not in employer
    assert f"{address}wishes/" not in pages_offered(
        client, make_secretary(found.consortium), address
    )


def test_a_published_round_offers_a_result_to_those_who_took_part(client: Client) -> None:
    found, lists = make_contest()
    run_round(found)
    secretary = make_secretary(found.consortium)
    services.publish_round(found, by=secretary)
    address = f"/{found.consortium.slug}/placement/{found.pk}/"
    student = lists[0].student.user
    assert student
    for page in (address, f"{address}result/"):
        assert f"{address}result/mine/" in pages_offered(client, student, page)
        assert f"{address}result/mine/" not in pages_offered(client, secretary, page)
