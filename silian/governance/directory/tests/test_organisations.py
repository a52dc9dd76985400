import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.charters.tests.factories import other_todos
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_application,
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Invitation, Role
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.tests.factories import make_code

pytestmark = pytest.mark.django_db

INDEX = reverse("directory:organisation_index")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def facts(**changes: object) -> dict[str, object]:
    return {"kind": "enterprise", "name_zh": "新单位", "name_en": "New"} | changes


def test_the_directory_is_public_and_can_be_searched_and_filtered(client: Client) -> None:
    make_organisation("college", name_zh="天津生物学院", name_en="Tianjin College")
    make_organisation(name_zh="亿工医疗", name_en="Yigong Medical")

    assert "Yigong" in client.get(INDEX).text
    assert "Yigong" not in client.get(INDEX, {"kind": "college"}).text
    assert "Tianjin" not in client.get(INDEX, {"q": "亿工"}).text
    assert "亿工医疗" in client.get(INDEX, HTTP_ACCEPT_LANGUAGE="zh-hans").text


def test_the_directory_is_filtered_by_consortium(client: Client) -> None:
    consortium = make_consortium()
    inside = make_membership(consortium).organisation
    outside = make_organisation()

    page = client.get(INDEX, {"consortium": consortium.slug})

    assert inside.name_en in page.text
    assert outside.name_en not in page.text


def test_the_directory_can_be_taken_along(client: Client) -> None:
    make_organisation(name_zh="亿工医疗", name_en="Yigong Medical")
    answer = client.get(INDEX, {"export": "csv"})
    assert "Yigong Medical" in b"".join(answer).decode("utf-8-sig")


@pytest.mark.parametrize("address", ["organisations", "members"])
def test_lists_take_the_same_number_of_queries_however_long(client: Client, address: str) -> None:
    consortium = make_consortium()
    url = (
        INDEX if address == "organisations" else reverse("members:member_index", args=[consortium])
    )
    make_membership(consortium)
    queries(client, url)
    short = queries(client, url)
    for _ in range(29):
        make_membership(consortium)

    assert queries(client, url) == short


def test_the_page_of_an_organisation_tells_search_engines_about_it(client: Client) -> None:
    firm = make_organisation(name_zh="</script>公司", website="https://example.org")

    page = client.get(firm.get_absolute_url()).text

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    assert json.loads(found[1])["name"] == "</script>公司"


def test_subsidiaries_and_memberships_are_shown(client: Client) -> None:
    parent = make_organisation(name_en="Mother")
    child = make_organisation(parent=parent, name_en="Daughter")
    member = make_membership(make_consortium(), parent, grade="council")

    page = client.get(parent.get_absolute_url()).text

    assert child.name in page
    assert member.consortium.name in page
    assert "Council unit" in page
    assert "Mother" in client.get(child.get_absolute_url()).text


def test_a_secretariat_adds_an_organisation() -> None:
    page = signed_in(make_secretary(make_consortium())).post(
        reverse("directory:organisation_new"), facts(), follow=True
    )
    assert Organisation.objects.get().name_zh == "新单位"
    assert "Saved." in page.text


def test_others_do_not_add_organisations() -> None:
    address = reverse("directory:organisation_new")
    assert signed_in(make_user()).get(address).status_code == 403
    assert signed_in(make_user(duty="system")).get(address).status_code == 200
    assert Client().get(address).status_code == 302


def test_region_and_industry_survive_an_edit() -> None:
    city = make_code("region", "370100", name_zh="济南市")
    county = make_code("region", "370181", name_zh="章丘区", parent=city)
    trade = make_code("industry", "2710", name_zh="化学药品原料药制造")
    firm = make_organisation(region=county, industry=trade)
    manager = signed_in(make_staff(firm, "manager"))
    address = reverse("directory:organisation_edit", args=[firm.pk])

    assert 'value="370181"' in manager.get(address).text
    manager.post(address, facts(region="370181", industry="2710", address="明水大街"))

    firm.refresh_from_db()
    assert (firm.region, firm.industry, firm.address) == (county, trade, "明水大街")


def test_members_are_filtered_by_region_and_what_lies_below_it(client: Client) -> None:
    city = make_code("region", "370100", name_en="Jinan")
    county = make_code("region", "370181", name_en="Zhangqiu", parent=city)
    elsewhere = make_code("region", "500107", name_en="Jiulongpo")
    consortium = make_consortium()
    inside = make_membership(consortium, make_organisation(region=county)).organisation
    outside = make_membership(consortium, make_organisation(region=elsewhere)).organisation
    index = reverse("members:member_index", args=[consortium])

    assert "Zhangqiu 1" in client.get(index).text
    found = client.get(index, {"region": "370100"}).text
    assert inside.name in found
    assert outside.name not in found


def test_data_of_another_kind_are_refused_beside_the_field() -> None:
    page = signed_in(make_secretary(make_consortium())).post(
        reverse("directory:organisation_new"), facts(school_code="4112000001", credit_code="123")
    )

    assert "Only a school has this." in page.text
    assert "A credit code has 18 digits" in page.text
    assert "新单位" in page.text
    assert not Organisation.objects.exists()


def test_an_enterprise_is_not_a_school() -> None:
    page = signed_in(make_secretary(make_consortium())).post(
        reverse("directory:organisation_new"), facts(kind="college", scale="large")
    )
    assert "Only an enterprise has this." in page.text


def test_no_organisation_belongs_to_its_own_subsidiary() -> None:
    parent = make_organisation()
    child = make_organisation(parent=parent)
    manager = make_staff(parent, "manager")

    page = signed_in(manager).post(
        reverse("directory:organisation_edit", args=[parent.pk]), facts(parent=child.pk)
    )

    assert "An organisation cannot belong to one of its own." in page.text


def test_who_edits_an_organisation() -> None:
    firm = make_organisation()
    member = make_membership(make_consortium(), firm)
    address = reverse("directory:organisation_edit", args=[firm.pk])

    assert signed_in(make_staff(firm, "manager")).get(address).status_code == 200
    assert signed_in(make_secretary(member.consortium)).get(address).status_code == 200
    assert signed_in(make_staff(firm)).get(address).status_code == 403
    assert signed_in(make_secretary(make_consortium())).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_manager_invites_a_colleague_and_ends_a_role() -> None:
    firm = make_organisation()
    manager = signed_in(make_staff(firm, "manager"))
    colleague = make_staff(firm).roles.get()
    address = reverse("directory:organisation_people", args=[firm.pk])
    person = {"kind": "staff", "name": "Han Meimei", "email": "han@example.org"}

    page = manager.post(address, person, follow=True)
    manager.post(reverse("roles:role_end", args=[colleague.pk]), {"reason": "Left the firm."})

    assert Invitation.objects.get().organisation == firm
    assert "Han Meimei" in page.text
    assert not Role.objects.running().filter(pk=colleague.pk).exists()
    assert colleague.user.name in manager.get(address).text


def test_invitations_are_sent_again_and_withdrawn() -> None:
    firm = make_organisation()
    manager = signed_in(make_staff(firm, "manager"))
    person = {"kind": "staff", "name": "Han Meimei", "email": "han@example.org"}
    manager.post(reverse("directory:organisation_people", args=[firm.pk]), person)
    invitation = Invitation.objects.get()
    first = invitation.token

    manager.post(reverse("roles:invitation_resend", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.token != first
    manager.post(reverse("roles:invitation_revoke", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_who_sees_the_people_of_an_organisation() -> None:
    firm = make_organisation()
    address = reverse("directory:organisation_people", args=[firm.pk])

    assert signed_in(make_staff(firm)).get(address).status_code == 200
    assert signed_in(make_staff(make_organisation(), "manager")).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_staff_neither_invite_nor_end_roles() -> None:
    firm = make_organisation()
    staff, colleague = make_staff(firm), make_staff(firm, "manager")
    client = signed_in(staff)
    person = {"kind": "staff", "name": "x", "email": "x@example.org"}

    client.post(reverse("directory:organisation_people", args=[firm.pk]), person)
    ended = client.post(reverse("roles:role_end", args=[colleague.roles.get().pk]))

    assert not Invitation.objects.exists()
    assert ended.status_code == 403


def test_strangers_cannot_tell_that_a_role_exists() -> None:
    role = make_staff(make_organisation()).roles.get()
    stranger = signed_in(make_staff(make_organisation(), "manager"))
    assert stranger.post(reverse("roles:role_end", args=[role.pk])).status_code == 404


def test_a_field_that_chooses_an_organisation_searches_as_one_types(client: Client) -> None:
    firm = make_organisation(name_zh="亿工医疗", name_en="Yigong Medical")
    make_organisation()

    answer = client.get(reverse("directory:organisation_search"), {"q": "亿工"})

    assert answer.json() == {"results": [{"id": firm.pk, "text": "Yigong Medical"}]}
    assert client.get(reverse("directory:organisation_search")).json() == {"results": []}


def test_what_waits_for_secretaries_and_applicants() -> None:
    waiting = make_application(make_consortium())
    returned = make_application(make_consortium(), state="returned")
    secretary = make_secretary(waiting.consortium)

    assert [todo.count for todo in other_todos(secretary)] == [1]
    [todo] = other_todos(returned.applied_by)
    assert todo.url == returned.get_absolute_url()
    assert signed_in(secretary).get(other_todos(secretary)[0].url).status_code == 200
