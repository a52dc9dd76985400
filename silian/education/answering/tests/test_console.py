"""What invigilators see and do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from silian.education.answering import services
from silian.education.answering.models import Attempt, Incident
from silian.education.answering.tests.devices import Device
from silian.education.sittings.models import Candidate, Room
from silian.education.sittings.tests.factories import (
    announced,
    make_candidate,
    make_exam,
    make_room,
)
from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    exam = make_exam()
    found = make_room(exam, invigilator=make_user("watcher"))
    make_candidate(found, admitted=False)
    announced(exam)
    return found


def page(room: Room, rest: str = "") -> str:
    return f"/{room.exam.consortium.slug}/exams/{room.exam_id}/rooms/{room.pk}/{rest}"


def sign_in(client: Client, room: Room) -> Candidate:
    client.force_login(room.invigilators.get())
    return room.candidates.get()


def test_only_the_room_and_the_office_see_the_console(client: Client, room: Room) -> None:
    candidate = room.candidates.get()
    for user in (room.invigilators.get(), make_secretary(room.exam.consortium)):
        client.force_login(user)
        assert client.get(page(room)).status_code == 200
    other = make_room(make_exam(room.exam.consortium), invigilator=make_user("elsewhere"))
    announced(other.exam)
    client.force_login(other.invigilators.get())
    for rest in ("", "seats/", f"candidates/{candidate.pk}/"):
        assert client.get(page(room, rest)).status_code == 404
    assert client.post(page(room, f"candidates/{candidate.pk}/admit/")).status_code == 404
    client.logout()
    assert client.get(page(room)).status_code == 302


def test_seats_tell_how_each_candidate_stands(client: Client, room: Room) -> None:
    candidate = sign_in(client, room)
    assert "Let in" in client.get(page(room)).text
    client.post(page(room, f"candidates/{candidate.pk}/admit/"))
    assert "Identity checked" in client.get(page(room, "seats/")).text
    device = Device(candidate)
    device.open()
    device.send([[1, "1", "a", 0], [2, "2", [], 0]])
    said = client.get(page(room, "seats/")).text
    assert "At work" in said and "1 / 11" in said, "an empty answer is none"
    with travel(clock.now() + timedelta(seconds=45)):
        assert "No contact" in client.get(page(room, "seats/")).text
    device.post("hand-in", **{"pass": device.token, "opening": 1, "written": 2})
    assert "Handed in" in client.get(page(room, "seats/")).text


def test_time_a_code_incidents_and_taking_in_are_recorded(client: Client, room: Room) -> None:
    candidate = sign_in(client, room)
    services.admit(candidate, by=make_user())
    Device(candidate).open()
    one = f"candidates/{candidate.pk}/"
    client.post(page(room, f"{one}minutes/"), {"minutes": 0, "reason": "late bus"})
    client.post(page(room, f"{one}minutes/"), {"minutes": 10, "reason": "late bus"})
    client.post(page(room, "minutes/"), {"minutes": 5, "reason": "power cut"})
    candidate.refresh_from_db()
    room.refresh_from_db()
    assert (candidate.extra_minutes, room.extra_minutes) == (10, 5)
    told = client.post(page(room, f"{one}device/"), follow=True).text
    assert Attempt.objects.get().device_code in told
    client.post(page(room, "incidents/"), {"kind": "device", "note": "停电五分钟"})
    assert Incident.objects.get().by == room.invigilators.get()
    assert "停电五分钟" in client.get(page(room)).text
    client.post(page(room, f"{one}take-in/"), {"reason": ""})
    assert not Attempt.objects.get().end
    client.post(page(room, f"{one}take-in/"), {"reason": "phone in hand"})
    assert Attempt.objects.get().end == "forced"
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"Time added", "Another device allowed", "Incident noted", "Paper taken in"} <= actions


def test_after_the_exam_nothing_is_done_in_the_room_any_more(client: Client, room: Room) -> None:
    candidate = sign_in(client, room)
    type(room.exam).objects.filter(pk=room.exam_id).update(state="closed")
    assert client.get(page(room)).status_code == 200
    for rest in ("minutes/", f"candidates/{candidate.pk}/admit/", "incidents/"):
        assert client.post(page(room, rest)).status_code == 403


def test_the_office_alone_decides_on_late_answers(client: Client, room: Room) -> None:
    candidate = sign_in(client, room)
    services.admit(candidate, by=make_user())
    device = Device(candidate)
    device.open()
    with travel(Attempt.objects.get().ends_at + timedelta(hours=1)):
        device.send([[1, "1", "a", 0]])
        services.end_overdue()
    late = page(room, f"candidates/{candidate.pk}/late/")
    assert client.post(late, {"reason": "power cut"}).status_code == 403
    client.force_login(make_staff(room.exam.organiser))
    assert "Let late answers count" in client.get(page(room, f"candidates/{candidate.pk}/")).text
    client.post(late, {"reason": "power cut"})
    assert Attempt.objects.get().admission.reason == "power cut"


def test_the_console_asks_the_same_with_many_seats(client: Client, room: Room) -> None:
    sign_in(client, room)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(page(room, "seats/"))
        return len([one for one in asked if "consents_view" not in one["sql"]])

    queries()
    one = queries()
    for _number in range(20):
        make_candidate(room)
    assert queries() == one
