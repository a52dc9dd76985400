from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.bodies import services
from silian.governance.bodies.models import Body
from silian.governance.bodies.tests.factories import make_body
from silian.governance.bodykinds.models import Kind
from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.plaques.models import Plaque
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def body(consortium: Consortium) -> Body:
    host = make_membership(consortium).organisation
    return make_body(consortium, host=host, about_zh="**任务**", about_en="**Tasks**")


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def url(body: Body, verb: str = "detail") -> str:
    return reverse(f"bodies:body_{verb}", args=[body.consortium, body.pk])


def data(body: Body, **fields: object) -> dict[str, object]:
    facts = {"name_zh": body.name_zh, "host": body.host_id or ""}
    return facts | fields


def test_anybody_reads_the_register_and_a_planned_body(client: Client, body: Body) -> None:
    page = client.get(reverse("bodies:body_index", args=[body.consortium]))
    assert body.name_en in page.text
    assert "Planned" in page.text
    assert "Plan a body" not in page.text

    page = client.get(url(body))
    assert "<strong>Tasks</strong>" in page.text
    assert body.host.get_absolute_url() in page.text
    assert '"@type": "Organization"' in page.text
    assert "Record" not in page.text


def test_the_page_is_chinese_for_chinese_readers(client: Client, body: Body) -> None:
    page = client.get(url(body), headers={"accept-language": "zh-hans"})
    assert "<strong>任务</strong>" in page.text
    assert "筹建中" in page.text


def test_the_body_of_another_consortium_is_not_found(client: Client, body: Body) -> None:
    other = make_consortium()
    assert client.get(reverse("bodies:body_detail", args=[other, body.pk])).status_code == 404


def test_the_secretariat_plans_a_body(secretary: Client, consortium: Consortium) -> None:
    member, helper = make_membership(consortium), make_membership(consortium)
    kind = Kind.objects.get(code="phd_station")
    facts = {"kind": kind.pk, "name_zh": "博士创新站", "host": member.organisation_id}

    page = secretary.post(
        reverse("bodies:body_new", args=[consortium]),
        facts | {"co_builders": [helper.organisation_id]},
        follow=True,
    )

    body = Body.objects.get()
    assert (body.state, body.host) == ("planned", member.organisation)
    assert list(body.co_builders.all()) == [helper.organisation]
    assert Entry.objects.filter(action="Body planned").exists()
    assert "博士创新站" in page.text


@pytest.mark.parametrize("verb", ["edit", "found", "close", "plaque"])
def test_nobody_else_changes_a_body(body: Body, verb: str) -> None:
    others = [make_user(), make_staff(body.host), make_secretary(make_consortium())]
    for user in others:
        client = Client()
        client.force_login(user)
        assert client.post(url(body, verb), {"on": "2026-01-01"}).status_code == 403
        assert client.get(url(body)).status_code == 200
    assert Client().post(url(body, verb)).status_code == 302  # to the sign-in page
    body.refresh_from_db()
    assert body.state == "planned"


def test_a_host_must_be_a_member_and_nothing_typed_is_lost(secretary: Client, body: Body) -> None:
    stranger = make_organisation()
    typed = data(body, host=stranger.pk, about_zh="写了很久")

    page = secretary.post(url(body, "edit"), typed)

    assert "Select a valid choice" in page.text
    assert "写了很久" in page.text
    body.refresh_from_db()
    assert body.host != stranger


def test_two_bodies_of_one_name_are_refused(secretary: Client, body: Body) -> None:
    other = make_body(body.consortium)
    page = secretary.post(url(other, "edit"), data(other, name_zh=body.name_zh))
    assert "There is a body of this name already." in page.text


def test_a_co_builder_that_left_stays_on_record(secretary: Client, body: Body) -> None:
    gone = make_organisation()
    body.co_builders.add(gone)
    secretary.post(url(body, "edit"), data(body, co_builders=[gone.pk]))
    assert list(body.co_builders.all()) == [gone]


def test_founding_issues_a_plaque_and_tells_the_host(secretary: Client, body: Body) -> None:
    person = make_staff(body.host)

    secretary.post(url(body, "found"), {"on": "2026-03-01", "plaque": "on"})

    body.refresh_from_db()
    assert (body.state, str(body.founded_on)) == ("running", "2026-03-01")
    assert body.plaque.organisation == body.host
    assert str(body.plaque.issued_on) == "2026-03-01"
    assert body.name_zh in body.plaque.inscription_zh
    assert Notice.objects.filter(to=person, url=url(body)).exists()
    page = secretary.get(url(body))
    assert body.plaque.number in page.text


def test_a_day_to_come_is_refused_beside_the_field(secretary: Client, body: Body) -> None:
    day = clock.today() + timedelta(days=2)
    page = secretary.post(url(body, "found"), {"on": day.isoformat()})
    assert "This day is in the future." in page.text


def test_a_body_without_a_host_cannot_be_founded(secretary: Client, consortium: Consortium) -> None:
    body = make_body(consortium)
    assert "Name its host first." in secretary.get(url(body)).text
    answer = secretary.post(url(body, "found"), {"on": "2026-01-01"})
    assert answer.status_code == 403
    assert "Name its host first." in answer.text


def test_a_plaque_can_be_issued_later_but_not_twice(secretary: Client, body: Body) -> None:
    assert secretary.post(url(body, "plaque")).status_code == 403  # only planned
    secretary.post(url(body, "found"), {"on": "2026-03-01"})
    assert not Plaque.objects.exists()

    secretary.post(url(body, "plaque"))

    assert Plaque.objects.count() == 1
    answer = secretary.post(url(body, "plaque"))
    assert answer.status_code == 403
    assert "This body has a plaque already." in answer.text


def test_two_who_issue_at_once_issue_one_plaque(body: Body) -> None:
    user = make_secretary(body.consortium)
    services.found_body(body, by=user, on=clock.today())
    late = Body.objects.get(pk=body.pk)
    services.issue_plaque(body, by=user)
    with pytest.raises(IllegalMove):
        services.issue_plaque(late, by=user)
    assert Plaque.objects.count() == 1


def test_closing_withdraws_the_plaque_and_keeps_the_reason(secretary: Client, body: Body) -> None:
    person = make_staff(body.host)
    secretary.post(url(body, "found"), {"on": "2026-03-01", "plaque": "on"})

    page = secretary.post(url(body, "close"), {"on": "2026-02-01", "why": "Merged"})
    assert "This is before the day of its founding." in page.text
    page = secretary.post(url(body, "close"), {"on": "2026-04-01", "why": "Merged"}, follow=True)

    body.refresh_from_db()
    assert (body.state, str(body.closed_on)) == ("closed", "2026-04-01")
    assert body.plaque.withdrawn_why == "Merged"
    assert "Merged" in page.text
    assert "Merged" not in Client().get(url(body)).text
    assert Notice.objects.filter(to=person, message__contains="was closed").exists()


@pytest.mark.parametrize("verb", ["edit", "found", "close", "plaque"])
def test_a_closed_body_stays_as_it_is(secretary: Client, body: Body, verb: str) -> None:
    services.close_body(body, by=make_user(), on=clock.today(), why="Given up")
    answer = secretary.post(url(body, verb), {"on": "2026-01-01", "why": "x"})
    assert answer.status_code == 403
    assert "This body is closed." in answer.text or "Only a running body" in answer.text


def test_the_register_is_filtered_and_exported(client: Client, consortium: Consortium) -> None:
    make_body(consortium, kind="phd_station", name_zh="博士站", name_en="PhD station")
    host = make_membership(consortium).organisation
    make_body(consortium, state="running", name_zh="委员会", name_en="Board", host=host)
    index = reverse("bodies:body_index", args=[consortium])

    assert "Board" not in client.get(index, {"kind": "phd_station"}).text
    assert "PhD station" not in client.get(index, {"state": "running"}).text
    assert "PhD station" not in client.get(index, {"q": host.name_zh}).text
    assert "Board" in client.get(index, {"q": host.name_en}).text
    assert "PhD station" in client.get(index, {"export": "csv"}).text


def test_the_secretariat_is_asked_for_a_new_host(secretary: Client, consortium: Consortium) -> None:
    staying, leaving = make_membership(consortium), make_membership(consortium)
    kept = make_body(consortium, state="running", host=staying.organisation)
    lost = make_body(consortium, state="running", host=leaving.organisation)
    user = User.objects.get(roles__consortium=consortium)
    assert not other_todos(user)

    leaving.state, leaving.ended_on = "left", clock.today()
    leaving.save()

    [todo] = other_todos(user)
    assert (todo.count, todo.place) == (1, consortium.name)
    page = secretary.get(todo.url)
    assert lost.name_en in page.text
    assert kept.name_en not in page.text


def test_the_list_asks_as_much_for_one_row_as_for_thirty(
    client: Client, consortium: Consortium
) -> None:
    index = reverse("bodies:body_index", args=[consortium])

    def grow(rows: int) -> int:
        for _ in range(rows):
            host = make_membership(consortium).organisation
            body = make_body(consortium, host=host)
            services.found_body(body, by=make_user(), on=clock.today(), plaque=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(index)
        return len(queries)

    client.get(index)
    assert grow(1) == grow(29)
