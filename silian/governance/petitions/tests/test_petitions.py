import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Meeting
from silian.governance.meetings.tests.factories import make_chartered
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.petitions import services
from silian.governance.petitions.models import Petition
from silian.governance.petitions.policy import count_of
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_chartered(4)


def members_of(consortium: Consortium) -> list[User]:
    return [make_staff(row.organisation) for row in consortium.memberships.all()]


def make_petition(consortium: Consortium, **fields: object) -> Petition:
    unit = consortium.memberships.first().organisation
    facts = {"title": "收费标准", "reason": "各校口径不一"} | fields
    petition = Petition(consortium=consortium, **facts)
    return services.make_petition(petition, unit, by=make_staff(unit))


def url(petition: Petition, name: str, *more: object) -> str:
    return reverse(f"petitions:petition_{name}", args=[petition.consortium, petition.pk, *more])


def test_enough_units_make_a_meeting_due(client: Client, consortium: Consortium) -> None:
    secretary = make_secretary(consortium)
    first, second, *_others = members_of(consortium)
    client.force_login(first)
    unit = consortium.memberships.first().organisation
    new = reverse("petitions:petition_new", args=[consortium])
    page = client.post(new, {"organ": "assembly", "title": "写了很久", "unit": unit.pk})
    assert "This field is required." in page.text and "写了很久" in page.text
    facts = {"organ": "assembly", "title": "收费标准", "reason": "口径不一", "unit": unit.pk}
    client.post(new, facts)
    petition = Petition.objects.get()
    assert "1 of 4 units support it, 2 are needed" in client.get(url(petition, "detail")).text

    client.force_login(secretary)
    assert client.post(url(petition, "answer")).status_code == 403
    assert not other_todos(secretary)
    client.force_login(second)
    other = consortium.memberships.all()[1].organisation
    client.post(url(petition, "support", other.pk))
    client.post(url(petition, "support", other.pk))
    assert count_of(petition).supporting == 2
    assert Notice.objects.filter(to=secretary).count() == 1

    client.force_login(secretary)
    assert [todo.label for todo in other_todos(secretary)] == [
        "Prepare the meeting that is demanded: “收费标准”"
    ]
    client.post(url(petition, "answer"))
    meeting = Meeting.objects.get()
    assert meeting.extraordinary and meeting.organ == "assembly"
    assert meeting.items.get().title_zh == "收费标准"
    assert client.post(url(petition, "answer")).status_code == 403
    client.force_login(second)
    assert client.post(url(petition, "withdraw", other.pk)).status_code == 403


def test_support_is_ones_own_units_and_can_be_withdrawn(
    client: Client, consortium: Consortium
) -> None:
    petition = make_petition(consortium)
    mine, other = (row.organisation for row in consortium.memberships.all()[1:3])
    client.force_login(make_staff(mine))
    client.post(url(petition, "support", other.pk))
    assert count_of(petition).supporting == 1
    client.post(url(petition, "support", mine.pk))
    client.post(url(petition, "withdraw", mine.pk))
    assert count_of(petition).supporting == 1


def test_strangers_learn_nothing(client: Client, consortium: Consortium) -> None:
    petition = make_petition(consortium)
    unit = consortium.memberships.first().organisation
    outside = make_staff(make_organisation())
    for user in (outside, make_user(), make_secretary(make_consortium())):
        client.force_login(user)
        assert client.get(url(petition, "detail")).status_code == 404
        assert client.post(url(petition, "support", unit.pk)).status_code == 404
        assert client.get(reverse("petitions:petition_new", args=[consortium])).status_code == 403
    client.force_login(make_secretary(consortium))  # sees it, but sits in no organ
    assert client.post(url(petition, "support", unit.pk)).status_code == 403


def test_a_unit_that_left_no_longer_counts(consortium: Consortium) -> None:
    petition = make_petition(consortium)
    membership = consortium.memberships.first()
    type(membership).objects.filter(pk=membership.pk).update(state="left")
    assert count_of(petition).supporting == 0


def test_a_unit_demands_a_meeting_only_of_its_own_organ(
    client: Client, consortium: Consortium
) -> None:
    unit = consortium.memberships.first().organisation
    client.force_login(make_staff(unit))
    facts = {"organ": "council", "title": "x", "reason": "y", "unit": unit.pk}
    page = client.post(reverse("petitions:petition_new", args=[consortium]), facts)
    assert "Select a valid choice" in page.text
    assert not Petition.objects.exists()


def test_lists_cost_the_same_however_long(client: Client, consortium: Consortium) -> None:
    client.force_login(make_staff(consortium.memberships.first().organisation))
    address = reverse("petitions:petition_index", args=[consortium])
    counts = []
    for number in (1, 29):
        for _one in range(number):
            make_petition(consortium)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_support_at_once_and_the_secretariat_is_told_once() -> None:
    consortium = make_chartered(0, demand_numerator=3, demand_denominator=3)
    for _unit in range(3):
        make_membership(consortium)
    secretary = make_secretary(consortium)
    petition = make_petition(consortium)
    units = [row.organisation for row in consortium.memberships.all()[1:]]
    by, start = make_user(), threading.Barrier(2)

    def support(number: int) -> None:
        start.wait()
        services.support(petition, units[number], by=by)
        connection.close()

    threads = [threading.Thread(target=support, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_of(petition).supporting == 3
    assert Notice.objects.filter(to=secretary).count() == 1
