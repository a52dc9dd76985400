from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.bodies import policy, services
from silian.governance.bodies.imports import People
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodies.tests.factories import make_appointment, make_body
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.todos import todos_of
from silian.kernel.sheets.registry import Row
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Body:
    consortium = make_consortium()
    host = make_membership(consortium).organisation
    return make_body(consortium, state="running", host=host)


@pytest.fixture
def staff(body: Body) -> User:
    return make_staff(body.host)


@pytest.fixture
def host(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def page(body: Body, name: str = "people", *args: object) -> str:
    return reverse(f"bodies:{name}", args=[body.consortium, body.pk, *args])


def role(body: Body, name: str) -> object:
    return body.kind.roles.get(name_zh=name)


def data(body: Body, **fields: object) -> dict[str, object]:
    facts = {"name": "林白露", "role": role(body, "委员").pk, "start": "2026-01-01"}
    return facts | fields


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_host_appoints_somebody_whom_everybody_sees(host: Client, body: Body) -> None:
    unit = make_organisation()
    facts = data(body, organisation=unit.pk, title="教授", letter_number="聘字1号")
    host.post(page(body, "person_new"), facts)

    [person] = policy.people_of_body(body)
    assert (person.name, person.place, person.role.name_zh) == ("林白露", unit.name, "委员")
    assert Entry.objects.about(body).filter(action="Somebody appointed").exists()
    for address in (body.get_absolute_url(), page(body)):
        assert "林白露" in Client().get(address).text


def test_the_account_of_the_same_name_in_the_unit_is_linked(host: Client, body: Body) -> None:
    user = make_staff(body.host)
    User.objects.filter(pk=user.pk).update(name="林白露")
    make_user("林白露")  # somebody else of this name, elsewhere
    host.post(page(body, "person_new"), data(body, organisation=body.host.pk))
    assert Appointment.objects.get().user == user


def test_who_does_not_want_it_is_not_named_in_public(host: Client, body: Body) -> None:
    host.post(page(body, "person_new"), data(body, hidden="on"))
    assert "林白露" not in Client().get(body.get_absolute_url()).text
    assert "林白露" not in Client().get(page(body), {"export": "csv"}).text
    assert "林白露" in host.get(page(body)).text


def test_insiders_read_the_history_and_others_who_serves_now(host: Client, body: Body) -> None:
    helper = make_organisation()
    body.co_builders.add(helper)
    today = clock.today()
    make_appointment(body, "前任", start=today - timedelta(days=90), end=today)
    make_appointment(body, "现任")
    for reader in (host, client_of(make_staff(helper)), client_of(make_secretary(body.consortium))):
        assert "前任" in reader.get(page(body)).text
        assert "前任" not in reader.get(page(body), {"when": "now"}).text
    assert "前任" not in Client().get(page(body)).text
    assert "现任" in Client().get(page(body)).text
    assert [one.name for one in policy.people_of_body(body)] == ["现任"]
    before = today - timedelta(days=30)
    assert [one.name for one in policy.people_of_body(body, before)] == ["前任"]


def test_nobody_else_names_people(body: Body) -> None:
    helper = make_organisation()
    body.co_builders.add(helper)
    person = make_appointment(body, "现任")
    for user in (make_user(), make_staff(helper), make_secretary(make_consortium())):
        client = client_of(user)
        assert client.post(page(body, "person_new"), data(body)).status_code == 403
        assert client.post(page(body, "person_edit", person.pk), data(body)).status_code == 403
        ending = {"on": clock.today(), "why": "x"}
        assert client.post(page(body, "person_end", person.pk), ending).status_code == 403
    assert body.appointments.count() == 1
    other = make_body(make_consortium())
    wrong = reverse("bodies:people", args=[other.consortium, body.pk])
    assert Client().get(wrong).status_code == 404


def test_nobody_is_twice_in_a_role_and_a_chair_is_one(host: Client, body: Body) -> None:
    host.post(page(body, "person_new"), data(body, role=role(body, "主任").pk))
    answer = host.post(page(body, "person_new"), data(body, role=role(body, "主任").pk))
    assert "This person has this role on these days already." in answer.text
    answer = host.post(
        page(body, "person_new"),
        data(body, name="周谷雨", role=role(body, "主任").pk, title="工程师"),
    )
    assert "林白露 has this role on these days." in answer.text
    assert "工程师" in answer.text
    assert body.appointments.count() == 1


def test_the_database_refuses_the_same(body: Body) -> None:
    first = make_appointment(body, "林白露", start=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_appointment(body, "林白露", start=date(2026, 6, 1))
    chair = {"role": role(body, "主任"), "sole": True}
    make_appointment(body, "周谷雨", **chair)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_appointment(body, "陈清明", **chair)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=first.pk).update(end=date(2025, 1, 1))


def test_two_who_appoint_a_chair_at_once_appoint_one(body: Body) -> None:
    user = make_secretary(body.consortium)
    chair = role(body, "主任")
    services.appoint(Appointment(body=body, role=chair, name="林白露"), by=user)
    with pytest.raises(IllegalMove):
        services.appoint(Appointment(body=body, role=chair, name="周谷雨"), by=user)
    assert body.appointments.count() == 1
    assert Entry.objects.about(body).filter(action="Somebody appointed").count() == 1


def test_an_appointment_ends_with_a_reason_and_makes_room(host: Client, body: Body) -> None:
    chair = role(body, "主任")
    start = clock.today() - timedelta(days=30)
    person = make_appointment(body, "林白露", role=chair, sole=True, start=start)
    early = (start - timedelta(days=1)).isoformat()
    answer = host.post(page(body, "person_end", person.pk), {"on": early, "why": "调动"})
    assert "This is before the appointment began." in answer.text
    today = clock.today().isoformat()
    host.post(page(body, "person_end", person.pk), {"on": today, "why": "调动"})
    person.refresh_from_db()
    assert (person.end, person.left_why) == (clock.today(), "调动")
    again = host.post(page(body, "person_end", person.pk), {"on": today, "why": "调动"})
    assert again.status_code == 403
    host.post(page(body, "person_new"), data(body, name="周谷雨", role=chair.pk, start=today))
    assert [one.name for one in policy.people_of_body(body)] == ["周谷雨"]


def test_people_serve_from_the_founding_to_the_end(body: Body) -> None:
    planned = make_body(body.consortium, host=body.host)
    user = make_secretary(body.consortium)
    today = clock.today()
    make_appointment(planned, "林白露", start=today - timedelta(days=9))
    services.found_body(planned, by=user, on=today - timedelta(days=3))
    assert planned.appointments.get().start == today - timedelta(days=3)
    services.close_body(planned, by=user, on=today, why="Merged")
    assert planned.appointments.get().end == today


def test_a_committee_comes_from_a_spreadsheet(body: Body) -> None:
    sheet, user = People(), make_secretary(body.consortium)
    unit = make_organisation(name_zh="明水学院")
    form = sheet.form(body)
    assert form.fields["role"].clean("Member") == role(body, "委员")
    empty = {"title": "", "start": None, "end": None, "letter_number": "", "hidden": False}
    rows = [
        Row(n, empty | {"name": f"委员{n}", "role": role(body, "委员"), "unit": unit_name})
        for n, unit_name in enumerate(["明水学院", "别处的单位"] * 10, start=2)
    ]
    assert not list(sheet.check(rows, body))
    assert sheet.save(rows, body, by=user, progress=lambda done: None) == 20
    assert policy.people_of_body(body).filter(organisation=unit).count() == 10
    assert policy.people_of_body(body).filter(unit="别处的单位").count() == 10

    chairs = [
        Row(n, empty | {"name": f"主任{n}", "role": role(body, "主任"), "unit": ""}) for n in (2, 3)
    ]
    assert list(sheet.check([rows[0], *chairs], body)) == [
        (2, "name", "This person has this role on these days already."),
        (3, "name", "Another row has this person or this role."),
    ]
    assert sheet.permitted(user, body)
    assert not sheet.permitted(make_user(), body)
    assert sheet.scope_from(str(body.pk)) == body
    assert sheet.scope_from("x") is None


def test_the_host_is_told_when_terms_of_people_end(body: Body, staff: User) -> None:
    today = clock.today()
    services_year = today + timedelta(days=400)
    make_appointment(body, "长任", end=services_year)
    make_appointment(body, "短任", end=today + timedelta(days=30))
    labels = {todo.label: todo for todo in todos_of(staff)}
    [todo] = [one for label, one in labels.items() if label.startswith("People of")]
    assert (todo.count, todo.url) == (1, page(body))


def test_the_list_asks_as_much_for_one_person_as_for_thirty(host: Client, body: Body) -> None:
    def grow(people: int) -> int:
        for _ in range(people):
            make_appointment(body, organisation=make_organisation())
        with CaptureQueriesContext(connection) as queries:
            host.get(page(body))
        return len(queries)

    host.get(page(body))
    assert grow(1) == grow(29)
