import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.plaques import services
from silian.governance.plaques.models import Numbering, Plaque
from silian.governance.plaques.tests.factories import make_plaque
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium("mingshui")


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"plaques:{name}", args=args)


def numbers() -> list[str]:
    return list(Plaque.objects.values_list("number", flat=True))


def test_all_members_of_a_grade_get_their_plaques_at_once(
    secretary: Client, consortium: Consortium
) -> None:
    members = [make_membership(consortium, grade="council") for _ in range(3)]
    make_membership(consortium, grade="member")
    person = make_staff(members[0].organisation)
    order = {"inscription_zh": "理事单位", "grade": "council", "issued_on": "2026-03-01"}

    page = secretary.post(address("issue", consortium), order, follow=True)

    assert numbers() == ["MINGSHUI-2026-001", "MINGSHUI-2026-002", "MINGSHUI-2026-003"]
    assert "3 plaques issued." in page.text
    assert "MINGSHUI-2026-001" in Notice.objects.get(to=person).text


def test_who_has_the_plaque_already_gets_no_second(
    secretary: Client, consortium: Consortium
) -> None:
    make_membership(consortium, grade="council")
    order = {"inscription_zh": "理事单位", "grade": "council", "issued_on": "2026-03-01"}
    secretary.post(address("issue", consortium), order)

    page = secretary.post(address("issue", consortium), order)

    assert "All members of this grade have this plaque." in page.text
    assert len(numbers()) == 1


def test_a_grade_or_members_are_chosen_not_both(secretary: Client, consortium: Consortium) -> None:
    page = secretary.post(
        address("issue", consortium), {"inscription_zh": "x", "issued_on": "2026-03-01"}
    )
    assert "Choose either a grade or members." in page.text


def test_numbering_is_set_by_each_consortium(secretary: Client, consortium: Consortium) -> None:
    firm = make_membership(consortium).organisation
    secretary.post(address("numbering", consortium), {"prefix": "JNMS", "digits": 4})

    services.issue_plaques(consortium, [firm], by=None, inscription_zh="x", on=DAY)

    assert numbers() == ["JNMS-2026-0001"]


def test_a_prefix_belongs_to_one_consortium(secretary: Client, consortium: Consortium) -> None:
    Numbering.objects.create(consortium=make_consortium(), prefix="JNMS")

    page = secretary.post(address("numbering", consortium), {"prefix": "JNMS", "digits": 4})
    assert "already exists" in page.text
    page = secretary.post(address("numbering", consortium), {"prefix": "济南", "digits": 4})
    assert "Capital letters, digits and hyphens" in page.text


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_never_give_a_number_twice() -> None:
    consortium, firm = make_consortium("mingshui"), make_organisation()

    def issue() -> None:
        services.issue_plaques(consortium, [firm] * 5, by=None, inscription_zh="x", on=DAY)
        connection.close()

    people = [threading.Thread(target=issue) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert numbers() == [f"MINGSHUI-2026-{serial:03}" for serial in range(1, 11)]


def test_anybody_checks_a_plaque_by_its_code(client: Client, consortium: Consortium) -> None:
    plaque = make_plaque(consortium)

    assert "This plaque is valid." in client.get(plaque.get_absolute_url()).text
    code = client.get(address("plaque_qr", plaque.number))
    assert code["Content-Type"] == "image/svg+xml"
    assert b"<svg" in code.content
    unknown = client.get(address("plaque_check", "NONE-1"))
    assert unknown.status_code == 404
    assert "No consortium here has issued" in unknown.text


def test_a_withdrawn_plaque_says_so_and_why(secretary: Client, consortium: Consortium) -> None:
    plaque = make_plaque(consortium)

    secretary.post(address("plaque_withdraw", consortium, plaque.pk), {"reason": "Left."})

    page = Client().get(plaque.get_absolute_url()).text
    assert "no longer counts" in page
    assert "Left." in page
    again = secretary.post(address("plaque_withdraw", consortium, plaque.pk), {"reason": "x"})
    assert again.status_code == 403


def test_withdrawing_twice_at_once_is_refused(consortium: Consortium) -> None:
    plaque = make_plaque(consortium)
    late = Plaque.objects.get(pk=plaque.pk)
    secretary = make_secretary(consortium)
    services.withdraw_plaque(plaque, by=secretary, why="Left.")

    with pytest.raises(IllegalMove):
        services.withdraw_plaque(late, by=secretary, why="Left.")


def test_a_plaque_is_not_withdrawn_without_a_reason(
    secretary: Client, consortium: Consortium
) -> None:
    plaque = make_plaque(consortium)

    page = secretary.post(
        address("plaque_withdraw", consortium, plaque.pk), {"reason": ""}, follow=True
    )

    assert "Please give a reason" in page.text
    plaque.refresh_from_db()
    assert plaque.is_valid


def test_only_the_own_secretariat_issues_and_withdraws(consortium: Consortium) -> None:
    plaque = make_plaque(consortium)
    others = [make_secretary(make_consortium()), make_staff(plaque.organisation, "manager")]
    for user in others:
        client = Client()
        client.force_login(user)
        assert client.get(address("issue", consortium)).status_code == 403
        assert client.get(address("numbering", consortium)).status_code == 403
        withdraw = address("plaque_withdraw", consortium, plaque.pk)
        assert client.post(withdraw, {"reason": "x"}).status_code == 403
    assert Client().get(address("issue", consortium)).status_code == 302


def test_the_register_is_public_filtered_and_printable(
    client: Client, consortium: Consortium
) -> None:
    make_plaque(consortium, inscription_en="Old one", issued_on="2020-01-01")
    make_plaque(consortium, inscription_en="New one", issued_on="2026-01-01")
    index = address("plaque_index", consortium)

    assert "Old one" in client.get(index).text
    assert "Old one" not in client.get(index, {"issued_on": "2026"}).text
    printed = client.get(address("plaque_print", consortium), {"issued_on": "2026"}).text
    assert "New one" in printed
    assert "Old one" not in printed


def test_the_register_takes_the_same_number_of_queries_however_long(
    client: Client, consortium: Consortium
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(address("plaque_index", consortium))
        return len(found)

    make_plaque(consortium)
    queries()
    short = queries()
    for _ in range(29):
        make_plaque(consortium)

    assert queries() == short
