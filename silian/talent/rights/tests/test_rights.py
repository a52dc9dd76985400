"""A copy of everything, correction in time, deletion that says what stays."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from silian.governance.members.tests.factories import make_organisation, make_staff
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.models import Person
from silian.talent.consents.models import Consent
from silian.talent.consents.services import note_view
from silian.talent.consents.tests.factories import make_consent
from silian.talent.profiles import services as profiles
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_school, make_student
from silian.talent.profiles.tests.numbers import id_number
from silian.talent.records.holdings import Holding
from silian.talent.records.tests.factories import make_entry
from silian.talent.rights import services
from silian.talent.rights.models import Correction, Deletion

pytestmark = pytest.mark.django_db
NUMBER = id_number(7)


def full_life(**fields: object) -> Student:
    """A student of whom the platform holds something of every kind."""
    pupil = make_student(name="张三丰", email="zhang@example.com", phone="19900000001", **fields)
    Role.objects.create(user=pupil.user, kind=Role.Kind.STUDENT, organisation=pupil.school)
    staff = make_staff(pupil.school)
    profiles.save_student(pupil, by=staff, id_number=NUMBER, guardian={"guardian_name": "张父亲"})
    make_entry(pupil.person, title="甲厂实习|*工*")
    make_consent(pupil.person)
    note_view(pupil.person, "Record", by=staff, organisation=pupil.school)
    return pupil


# --- a copy -------------------------------------------------------------------------------


def test_a_copy_holds_everything_and_the_number_only_masked(client: Client) -> None:
    pupil = full_life()
    client.force_login(pupil.user)
    answer = client.get("/me/data/json/")
    held = {one["name"]: one["rows"] for one in json.loads(answer.content)["holdings"]}
    assert {"person", "enrolments", "record", "consents", "views", "acts"} <= set(held)
    assert held["record"][0]["title"] == "甲厂实习|*工*"
    assert held["views"] and held["consents"] and held["enrolments"]
    assert NUMBER not in answer.text and pupil.person.id_masked in answer.text
    pdf = client.get("/me/data/pdf/")
    assert pdf.content.startswith(b"%PDF") and "attachment" in pdf["Content-Disposition"]
    assert client.get("/me/data/exe/").status_code == 404
    page = client.get("/me/data/").text
    assert "甲厂实习" in page and NUMBER not in page


def test_whoever_keeps_something_says_what_becomes_of_it() -> None:
    with pytest.raises(ValueError, match="say how"):
        Holding("x", "X", lambda person: [])


# --- correction ---------------------------------------------------------------------------


def test_the_school_corrects_and_answers(client: Client) -> None:
    pupil = make_student()
    staff = make_staff(pupil.school)
    client.force_login(pupil.user)
    asked = {"wrong": "名字少一个字", "right": "张三丰"}
    assert "required" in client.post(f"/me/corrections/{pupil.pk}/new/", {"wrong": "x"}).text
    client.post(f"/me/corrections/{pupil.pk}/new/", asked)
    correction = Correction.objects.get()
    assert correction.due_on == clock.today() + timedelta(days=30)
    home = f"/organisations/{pupil.school_id}/corrections/"
    for stranger in (pupil.user, make_staff(make_school())):
        client.force_login(stranger)
        assert client.get(home).status_code == 404
        assert client.get(f"{home}{correction.pk}/").status_code == 404
    client.force_login(staff)
    assert any(todo.url == home and todo.due for todo in todos_of(staff))
    assert asked["wrong"] in client.get(home).text
    page = f"{home}{correction.pk}/"
    assert "asks for a reason" in client.post(page, {"verdict": "refused"}).text
    client.post(page, {"verdict": "refused", "answer": "与学籍一致"})
    correction.refresh_from_db()
    assert (correction.state, correction.answer) == ("refused", "与学籍一致")
    assert client.post(page, {"verdict": "done"}).status_code == 403
    client.force_login(pupil.user)
    assert "与学籍一致" in client.get("/me/data/").text


def test_who_asked_takes_it_back_and_nobody_else(client: Client) -> None:
    pupil = make_student()
    facts = {"wrong": "a", "right": "b"}
    correction = services.ask_correction(pupil, by=pupil.user, **facts)
    client.force_login(make_student().user)
    assert client.post(f"/me/corrections/{correction.pk}/take-back/").status_code == 404
    assert client.get(f"/me/corrections/{pupil.pk}/new/").status_code == 404
    client.force_login(pupil.user)
    client.post(f"/me/corrections/{correction.pk}/take-back/")
    correction.refresh_from_db()
    assert correction.state == "taken_back"


def test_schools_are_reminded_of_what_is_overdue() -> None:
    pupil = make_student()
    staff = make_staff(pupil.school)
    correction = services.ask_correction(pupil, wrong="a", right="b", by=pupil.user)
    services.remind_of_corrections()
    assert Notice.objects.filter(to=staff).count() == 1
    Correction.objects.update(due_on=clock.today() - timedelta(days=1))
    services.remind_of_corrections()
    assert Notice.objects.filter(to=staff).count() == 2
    correction.refresh_from_db()
    assert correction.is_overdue


# --- deletion -----------------------------------------------------------------------------


def test_the_preview_says_what_goes_and_what_stays(client: Client) -> None:
    pupil = full_life()
    client.force_login(pupil.user)
    page = client.get("/me/deletion/").text
    goes, stays = page.split('id="stays"')
    assert "Entries of my record" in goes and "Who saw me" in stays and "PIPL" in stays
    assert client.post("/me/deletion/").status_code == 200  # not sure yet
    assert not Deletion.objects.exists()
    client.post("/me/deletion/", {"sure": "on"})
    deletion = Deletion.objects.get()
    assert client.post("/me/deletion/", {"sure": "on"}).status_code == 403
    assert services.carry_out_due() == 0  # there is time to think better of it
    client.post("/me/deletion/stop/")
    deletion.refresh_from_db()
    assert deletion.state == "stopped"
    assert Notice.objects.filter(message__contains="will be deleted").exists()


def texts_of(*tables: str) -> str:
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


def forget(person: Person) -> None:
    services.ask_deletion(person, by=person.user)
    Deletion.objects.update(due_on=clock.today())
    services.carry_out_due()


def test_who_is_forgotten_is_nowhere_but_in_the_record_of_acts(client: Client) -> None:
    pupil = full_life(state="graduated")
    user, number = pupil.user, pupil.number
    forget(pupil.person)
    person = Person.objects.get(pk=pupil.person_id)
    assert person.forgotten_at and not person.name and not person.id_sealed
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
    told = {"audit_entry", "procrastinate_jobs", "procrastinate_events"}
    left = texts_of(*(name for name in tables if name not in told))
    for secret in ("张三丰", "张父亲", "zhang@example.com", "19900000001", NUMBER, number):
        assert secret not in left, secret
    assert not Consent.objects.running().exists()
    assert person.views.count() == 1
    gone = User.objects.get(pk=user.pk)
    assert not gone.is_active and not gone.has_usable_password() and not gone.email
    assert not gone.roles.running().exists()
    assert Deletion.objects.get().state == "done"


def test_a_school_that_teaches_somebody_keeps_its_roster_until_the_end() -> None:
    pupil = full_life()
    staff = make_staff(pupil.school)
    forget(pupil.person)
    pupil.refresh_from_db()
    assert pupil.name == "张三丰" and pupil.user is None and not pupil.phone
    assert not pupil.person.id_sealed
    row = {"number": pupil.number, "name": "张三丰", "id_number": NUMBER}
    row |= {"programme": pupil.programme, "entered": 2024, "graduates": 2027}
    profiles.enter_students([row], school=pupil.school, by=staff)
    pupil.person.refresh_from_db()
    assert not pupil.person.id_digest  # the next sheet does not undo it
    profiles.mark_graduated(pupil, by=staff)
    pupil.refresh_from_db()
    assert not pupil.name and pupil.number == f"-{pupil.pk}"


def test_who_alone_holds_an_office_finds_a_successor_first(client: Client) -> None:
    manager = make_staff(make_organisation(), kind=Role.Kind.MANAGER)
    client.force_login(manager)
    assert "Invite a successor" in client.get("/me/deletion/").text
    assert client.post("/me/deletion/", {"sure": "on"}).status_code == 403


def test_a_fault_in_the_middle_deletes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pupil = full_life()

    def fails(user: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "close_account", fails)
    with pytest.raises(RuntimeError):
        forget(pupil.person)
    pupil.person.refresh_from_db()
    assert pupil.person.id_sealed and pupil.person.entries.exists()
    assert Deletion.objects.get().state == "waiting"
