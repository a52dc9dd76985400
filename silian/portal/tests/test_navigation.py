"""The menu: what is there for whom, and where the reader is."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.kernel.accounts.models import User
from silian.portal.tests.factories import EVERYONE
from silian.portal.tests.pages import links, menu, text

pytestmark = pytest.mark.django_db
CURRENT = re.compile(r'<a href="([^"]*)" class="active" aria-current="page"')
ADMINISTRATION = {
    "system": ["consortia:consortium_list", "jobs:queue_index", "ui:components"],
    "security": ["accounts:person_index"],
    "audit": ["audit:entry_index"],
}
OF_A_BODY = """portal:consortium_home consortia:about members:member_index bodies:body_index
    agreements:agreement_index plans:plan plaques:plaque_index hall:hall
    rounds:round_index""".split()


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium("mingshui")


def menu_of(client: Client, address: str, user: User | None = None) -> str:
    if user:
        client.force_login(user)
    page = client.get(address, headers={"accept-language": "en"})
    assert page.status_code == 200
    return menu(page)


def test_the_public_home_has_no_menu(client: Client) -> None:
    assert not menu_of(client, "/")


@pytest.mark.parametrize("name", OF_A_BODY)
def test_the_menu_marks_the_page_where_one_is(
    client: Client, consortium: Consortium, name: str
) -> None:
    address = reverse(name, args=[consortium])
    found = menu_of(client, address, make_secretary(consortium))
    assert CURRENT.findall(found) == [address]


def test_the_menu_marks_the_list_around_a_page(client: Client, consortium: Consortium) -> None:
    index = reverse("rounds:round_index", args=[consortium])
    address = reverse("rounds:round_new", args=[consortium])
    found = menu_of(client, address, make_secretary(consortium))
    assert CURRENT.findall(found) == [index]


@pytest.mark.parametrize("name", ["portal:workspace", "notices:todo_list", "notices:notice_index"])
def test_the_menu_marks_ones_own_page(client: Client, consortium: Consortium, name: str) -> None:
    address = reverse(name)
    assert CURRENT.findall(menu_of(client, address, EVERYONE["nobody"](consortium))) == [address]


@pytest.mark.parametrize("who", EVERYONE)
def test_only_its_secretaries_see_the_secretariat(
    client: Client, consortium: Consortium, who: str
) -> None:
    home = reverse("portal:consortium_home", args=[consortium])
    people = reverse("consortia:people", args=[consortium])
    found = menu_of(client, home, EVERYONE[who](consortium))
    assert (people in links(found)) == (who == "secretary")
    assert ("Secretariat" in found) == (who == "secretary")


def test_a_secretary_of_another_body_sees_no_secretariat_here(
    client: Client, consortium: Consortium
) -> None:
    other = make_secretary(make_consortium())
    home = reverse("portal:consortium_home", args=[consortium])
    assert "Secretariat" not in menu_of(client, home, other)
    assert "Secretariat" not in menu_of(Client(), home)


@pytest.mark.parametrize("who", EVERYONE)
def test_administration_is_for_its_administrator(
    client: Client, consortium: Consortium, who: str
) -> None:
    found = links(menu_of(client, reverse("portal:workspace"), EVERYONE[who](consortium)))
    expected = {reverse(name) for name in ADMINISTRATION.get(who, [])}
    every = {reverse(name) for names in ADMINISTRATION.values() for name in names}
    assert every & set(found) == expected


@pytest.mark.parametrize("who", EVERYONE)
def test_what_the_menu_hides_is_also_refused(
    client: Client, consortium: Consortium, who: str
) -> None:
    """The component page is no secret: it shows how pages are made, and no row."""
    client.force_login(EVERYONE[who](consortium))
    every = {name for names in ADMINISTRATION.values() for name in names}
    for name in every - set(ADMINISTRATION.get(who, [])) - {"ui:components"}:
        assert client.get(reverse(name)).status_code in (302, 403, 404), name


def test_every_body_is_a_place_to_go(client: Client, consortium: Consortium) -> None:
    other = make_consortium("other")
    page = text(client.get("/"))
    for found in (consortium, other):
        assert reverse("portal:consortium_home", args=[found]) in page


@pytest.mark.parametrize("who", ["school", "enterprise"])
def test_an_organisation_has_its_own_part_of_the_menu(
    client: Client, consortium: Consortium, who: str
) -> None:
    user = EVERYONE[who](consortium)
    unit = user.roles.get().organisation
    assert unit
    found = links(menu_of(client, reverse("portal:workspace"), user))
    assert reverse("directory:organisation_people", args=[unit.pk]) in found
    assert (reverse("profiles:student_index", args=[unit.pk]) in found) == (who == "school")
