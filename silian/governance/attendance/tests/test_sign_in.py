import json
import re
import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.attendance import policy, services
from silian.governance.meetings import services as meetings
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import votes_present
from silian.governance.meetings.tests.factories import (
    make_attendee,
    make_called,
    make_chartered,
    make_current,
    make_meeting,
    make_open,
)
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files.tests.factories import PDF
from silian.kernel.notices.todos import todos_of
from silian.kernel.sheets.registry import Row, sheet_named

pytestmark = pytest.mark.django_db


def url(meeting: Meeting, name: str, *more: object) -> str:
    return reverse(f"attendance:{name}", args=[meeting.consortium, meeting.pk, *more])


@pytest.fixture
def meeting() -> Meeting:
    return make_current()


@pytest.fixture
def usher(client: Client, meeting: Meeting) -> User:
    user = make_secretary(meeting.consortium)
    client.force_login(user)
    return user


def line(attendee: Attendee | str, way: str = "in", at: datetime | None = None) -> dict[str, str]:
    code = attendee if isinstance(attendee, str) else attendee.code
    moment = at or clock.now()
    return {"key": str(uuid4()), "code": code, "way": way, "at": moment.isoformat()}


def hand_in(client: Client, meeting: Meeting, *lines: dict[str, str]) -> list[dict[str, str]]:
    sent = json.dumps({"lines": lines})
    answer = client.post(url(meeting, "door_lines"), sent, content_type="application/json")
    assert answer.status_code == 200, answer.text
    return answer.json()["answers"]  # type: ignore[no-any-return]


# --- the door ---------------------------------------------------------------------------


def test_a_door_signs_in_and_knows_whom(client: Client, meeting: Meeting, usher: User) -> None:
    attendee = meeting.attendees.first()
    page = client.get(url(meeting, "door")).text
    assert attendee.code in page
    early = clock.now() - timedelta(minutes=5)
    sent = line(attendee, at=early)
    [answer] = hand_in(client, meeting, sent)
    assert (answer["outcome"], answer["name"]) == ("in", attendee.unit)
    attendee.refresh_from_db()
    assert attendee.signed_in_by == usher and attendee.channel == "scan"
    assert attendee.signed_in_at == early  # when it was, not when it was sent
    [again] = hand_in(client, meeting, sent)
    assert again["outcome"] == "in"  # the same line once more: its answer was lost
    [other] = hand_in(client, meeting, line(attendee))
    assert other["outcome"] == "already" and re.fullmatch(r"\d\d:\d\d", other["since"])
    assert Entry.objects.about(attendee).count() == 1


def test_codes_are_read_as_they_are_typed_and_unknown_ones_told(
    client: Client, meeting: Meeting, usher: User
) -> None:
    attendee = meeting.attendees.first()
    elsewhere = make_attendee(make_current())
    typed = line(f" {attendee.code.lower()} ")
    answers = hand_in(client, meeting, typed, line("ABCDEFGHJKLM"), line(elsewhere))
    assert [answer["outcome"] for answer in answers] == ["in", "unknown", "unknown"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", '{"lines": 3}', '{"lines": [3]}', '{"lines": [{"key": "x"}]}', "\xff"],
)
def test_what_no_door_writes_is_refused(
    client: Client, meeting: Meeting, usher: User, body: str
) -> None:
    answer = client.post(url(meeting, "door_lines"), body, content_type="application/json")
    assert answer.status_code == 400


def test_leaving_and_coming_back(client: Client, meeting: Meeting, usher: User) -> None:
    attendee = meeting.attendees.first()
    start = clock.now() - timedelta(hours=1)
    moments = [start + timedelta(minutes=10 * n) for n in range(4)]
    leaves = line(attendee, "out", moments[1])
    ways = [line(attendee, at=moments[0]), leaves, leaves]
    assert [a["outcome"] for a in hand_in(client, meeting, *ways)] == ["in", "out", "out"]
    assert votes_present(meeting) == (0, 3)
    assert hand_in(client, meeting, line(attendee, "out"))[0]["outcome"] == "absent"
    assert hand_in(client, meeting, line(attendee, at=moments[2]))[0]["outcome"] == "in"
    attendee.refresh_from_db()
    assert (attendee.signed_in_at, attendee.left_at) == (moments[0], None)
    assert votes_present(meeting) == (1, 3)


def test_a_line_that_was_late_does_not_bring_back_who_has_left(
    client: Client, meeting: Meeting, usher: User
) -> None:
    attendee = meeting.attendees.first()
    before, after = clock.now() - timedelta(minutes=30), clock.now() - timedelta(minutes=10)
    services.sign_in(attendee, by=usher, channel="list", at=before)
    services.sign_out(attendee, by=usher, at=after)
    late = line(attendee, at=before + timedelta(minutes=1))
    assert hand_in(client, meeting, late)[0]["outcome"] == "closed"
    attendee.refresh_from_db()
    assert attendee.left_at == after


def test_a_clock_that_is_wrong_is_not_believed(
    client: Client, meeting: Meeting, usher: User
) -> None:
    first, second, third = meeting.attendees.all()
    wrong = [
        line(first, at=clock.now() + timedelta(days=1)),
        line(second, at=clock.now() - timedelta(days=9)),
        line(third) | {"at": "yesterday"},
    ]
    hand_in(client, meeting, *wrong)
    for row in meeting.attendees.all():
        assert abs(row.signed_in_at - clock.now()) < timedelta(minutes=1)


def test_a_door_hands_in_after_the_close_what_it_noted_before(
    client: Client, meeting: Meeting, usher: User
) -> None:
    first, second, _third = meeting.attendees.all()
    noted = clock.now()
    meetings.open_meeting(meeting, by=usher)
    meetings.close_meeting(meeting, by=usher)
    answers = hand_in(client, meeting, line(first, at=noted), line(second))
    assert [answer["outcome"] for answer in answers] == ["in", "closed"]
    assert client.get(url(meeting, "door")).status_code == 403


def test_the_secretariat_alone_stands_at_the_door(client: Client, meeting: Meeting) -> None:
    attendee = meeting.attendees.first()
    sent = json.dumps({"lines": [line(attendee)]})
    pages = ["door", "door_people", "attendee_index", "badges", "screen", "screen_board", "paper"]
    for user, status in (
        (make_staff(attendee.organisation), 403),
        (make_secretary(make_consortium()), 404),
        (make_user(), 404),
    ):
        client.force_login(user)
        for name in pages:
            assert client.get(url(meeting, name)).status_code == status, name
        answer = client.post(url(meeting, "door_lines"), sent, content_type="application/json")
        assert answer.status_code == status
        assert client.post(url(meeting, "tick"), {"attendee": attendee.pk}).status_code == status
    attendee.refresh_from_db()
    assert attendee.signed_in_at is None


def test_nobody_is_signed_in_too_early_or_by_post(client: Client) -> None:
    early = make_called()
    user = make_secretary(early.consortium)
    client.force_login(user)
    assert client.get(url(early, "door")).status_code == 403
    by_post = make_current(early.consortium, form=Meeting.Form.CORRESPONDENCE)
    assert client.get(url(by_post, "door")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_doors_scan_the_same_person_at_once() -> None:
    meeting = make_current()
    attendee, usher = meeting.attendees.first(), make_secretary(meeting.consortium)
    doors, start = 4, threading.Barrier(4)
    came: list[bool] = []

    def scan() -> None:
        row = Attendee.objects.get(pk=attendee.pk)
        start.wait()
        came.append(services.sign_in(row, by=usher, channel="scan", key=uuid4()))
        connection.close()

    threads = [threading.Thread(target=scan) for _door in range(doors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [False, False, False, True]
    assert Entry.objects.about(attendee).count() == 1


def test_who_was_killed_in_the_middle_is_signed_in_by_the_retry(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    attendee, usher = meeting.attendees.first(), make_user()

    def killed(*args: object, **kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(services, "record", killed)
        services.sign_in(attendee, by=usher, channel="scan")
    attendee.refresh_from_db()
    assert attendee.signed_in_at is None
    assert services.sign_in(attendee, by=usher, channel="scan")


def test_who_comes_in_person_needs_no_proxy(meeting: Meeting, usher: User) -> None:
    giver, holder, _third = meeting.attendees.all()
    Attendee.objects.filter(pk=giver.pk).update(reply="proxy", proxy=holder)
    services.sign_in(holder, by=usher, channel="scan")
    assert votes_present(meeting) == (2, 3)
    services.sign_in(giver, by=usher, channel="scan")
    assert (giver.reply, giver.proxy) == ("coming", None)
    services.sign_out(holder, by=usher)
    assert votes_present(meeting) == (1, 3)


# --- list, paper, badges ----------------------------------------------------------------


def test_those_ticked_on_the_list_are_in_with_one_entry(
    client: Client, meeting: Meeting, usher: User
) -> None:
    first, second, third = meeting.attendees.all()
    services.sign_in(first, by=usher, channel="scan")
    other = make_attendee(make_current())
    keys = [first.pk, second.pk, third.pk, other.pk, "x"]
    page = client.post(url(meeting, "tick"), {"attendee": keys}, follow=True)
    assert "2 are signed in." in page.text
    assert list(meeting.attendees.values_list("channel", flat=True)) == ["scan", "list", "list"]
    other.refresh_from_db()
    assert other.signed_in_at is None
    assert Entry.objects.about(meeting).filter(action="Signed in to the meeting").count() == 1
    client.post(url(meeting, "tick"), {"attendee": [first.pk], "left": "1"})
    assert meeting.attendees.here().count() == 2


def test_a_scanned_sheet_is_kept_as_evidence(client: Client, meeting: Meeting, usher: User) -> None:
    first, second, _third = meeting.attendees.all()
    assert first.unit in client.get(url(meeting, "paper")).text
    wrong = SimpleUploadedFile("签到表.pdf", b"nothing")
    page = client.post(url(meeting, "paper"), {"file": wrong, "attendee": [second.pk]}).text
    assert "not that of a .pdf" in page
    assert re.search(rf'value="{second.pk}" checked', page)
    upload = SimpleUploadedFile("签到表.pdf", PDF)
    client.post(url(meeting, "paper"), {"file": upload, "attendee": [first.pk]})
    first.refresh_from_db()
    assert first.channel == "paper"
    sheet = meeting.sign_in_sheets.get()
    assert client.get(url(meeting, "sheet", sheet.pk)).status_code == 200
    client.force_login(make_staff(first.organisation))
    assert client.get(url(meeting, "sheet", sheet.pk)).status_code == 404


def test_the_list_is_filtered_exported_and_printed(
    client: Client, meeting: Meeting, usher: User
) -> None:
    guest = make_attendee(meeting, name="许白露")
    services.sign_in(guest, by=usher, channel="scan")
    unit = meeting.attendees.voting().first().unit
    index = url(meeting, "attendee_index")
    assert unit not in client.get(f"{index}?kind=guest").text
    assert unit not in client.get(f"{index}?presence=here").text
    assert "许白露" not in client.get(f"{index}?presence=absent").text
    assert "许白露" in client.get(f"{index}?q={guest.code.lower()}").text
    assert client.get(f"{index}?export=csv").status_code == 200
    badges = client.get(f"{url(meeting, 'badges')}?kind=guest").text
    assert guest.code in badges and badges.count("<svg") >= 1 and unit not in badges
    assert "许白露" in client.get(url(meeting, "invitation", guest.pk)).text


def test_a_long_list_costs_no_more_queries(client: Client, meeting: Meeting, usher: User) -> None:
    counts = []
    for number in (1, 29):
        for _one in range(number):
            make_attendee(meeting, organisation=make_organisation(), votes=1)
        for name in ("attendee_index", "door", "screen_board", "badges"):
            client.get(url(meeting, name))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url(meeting, name)).status_code == 200
            counts.append(len(queries))
    assert counts[:4] == counts[4:]


def test_guests_come_one_by_one_and_leave_the_list(client: Client) -> None:
    meeting = make_meeting()
    client.force_login(make_secretary(meeting.consortium))
    new = url(meeting, "attendee_new")
    assert "Give a name or a unit." in client.post(new, {"title": "教授"}).text
    client.post(new, {"name": "陈立冬", "affiliation": "某某大学", "voting": "on"})
    guest = meeting.attendees.get()
    assert (guest.votes, guest.unit) == (0, "某某大学")  # an organ's votes follow from the charter
    client.post(url(meeting, "attendee_edit", guest.pk), {"name": "陈立夏"})
    guest.refresh_from_db()
    assert guest.name == "陈立夏"
    client.post(url(meeting, "remove", guest.pk))
    assert not meeting.attendees.exists()


def test_whom_the_charter_invites_stays_on_the_list(
    client: Client, meeting: Meeting, usher: User
) -> None:
    unit = meeting.attendees.first()
    assert client.post(url(meeting, "remove", unit.pk)).status_code == 403
    guest = make_attendee(meeting)
    services.sign_in(guest, by=usher, channel="scan")
    assert client.post(url(meeting, "remove", guest.pk)).status_code == 403


def test_guests_are_imported(meeting: Meeting, usher: User) -> None:
    known = make_organisation(name_zh="济南某校")
    make_attendee(meeting, name="林白露", affiliation="某某学院")
    sheet = sheet_named("attendance.guests")
    assert sheet and sheet.permitted(usher, meeting)
    assert not sheet.permitted(make_user(), meeting)
    facts = [("林白露", "某某学院"), ("何清明", "济南某校"), ("何清明", "济南某校"), ("许谷雨", "")]
    rows = [
        Row(n, {"name": name, "unit": unit, "title": "", "email": ""})
        for n, (name, unit) in enumerate(facts, start=2)
    ]
    assert [number for number, _field, _text in sheet.check(rows, meeting)] == [2, 4]
    assert sheet.save([rows[1], rows[3]], meeting, by=usher, progress=lambda done: None) == 2
    guest = meeting.attendees.get(name="何清明")
    assert guest.organisation == known and guest.votes == 0
    assert sheet.scope_from(str(meeting.pk)) == meeting


# --- the screen and one's own phone -----------------------------------------------------


def test_the_screen_shows_the_quorum_as_it_grows(
    client: Client, meeting: Meeting, usher: User
) -> None:
    assert "No quorum yet" in client.get(url(meeting, "screen")).text
    for attendee in meeting.attendees.all()[:2]:
        services.sign_in(attendee, by=usher, channel="scan")
    board = client.get(url(meeting, "screen_board")).text
    assert "Quorum reached" in board
    meetings.open_meeting(meeting, by=usher)
    assert "Report" in client.get(url(meeting, "screen_board")).text


def test_one_signs_in_with_ones_own_phone(client: Client, meeting: Meeting) -> None:
    attendee = meeting.attendees.first()
    user = make_staff(attendee.organisation)
    scanned = url(meeting, "here_scanned", policy.screen_token(meeting))
    answer = client.get(scanned)  # signs in to the site first, which may take a minute
    assert answer.status_code == 302 and "/accounts/login/" in answer["location"]
    session = client.session
    client.force_login(user)
    client.session.update(dict(session))
    answer = client.get(scanned, follow=True)
    assert attendee.unit in answer.text
    client.post(url(meeting, "here"), {"code": attendee.code})
    attendee.refresh_from_db()
    assert attendee.channel == "self" and attendee.signed_in_by == user


def test_a_code_that_was_photographed_does_not_count(
    client: Client, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    attendee = meeting.attendees.first()
    client.force_login(make_staff(attendee.organisation))
    assert client.get(url(meeting, "here")).status_code == 410  # without any code
    token = policy.screen_token(meeting)
    for wrong in (f"{token}x", policy.screen_token(make_current())):
        assert client.get(url(meeting, "here_scanned", wrong)).status_code == 410
    monkeypatch.setattr(policy, "FRESH", -1)
    assert client.get(url(meeting, "here_scanned", token)).status_code == 410
    assert client.post(url(meeting, "here"), {"code": attendee.code}).status_code == 410


def test_nobody_signs_in_as_somebody_else(client: Client, meeting: Meeting) -> None:
    mine, other, _third = meeting.attendees.all()
    client.force_login(make_staff(mine.organisation))
    client.get(url(meeting, "here_scanned", policy.screen_token(meeting)))
    assert client.post(url(meeting, "here"), {"code": other.code}).status_code == 404
    client.force_login(make_staff(make_organisation()))
    client.get(url(meeting, "here_scanned", policy.screen_token(meeting)))
    assert client.get(url(meeting, "here")).status_code == 404


def test_who_takes_part_online_says_so(client: Client) -> None:
    meeting = make_open(make_chartered(), form=Meeting.Form.HYBRID)
    attendee, other, _third = meeting.attendees.all()
    user = make_staff(attendee.organisation)
    client.force_login(user)
    assert [todo.label for todo in todos_of(user)] == [f"Sign in to “{meeting.title}”"]
    assert client.post(url(meeting, "online", other.pk)).status_code == 404
    client.post(url(meeting, "online", attendee.pk))
    attendee.refresh_from_db()
    assert attendee.channel == "online"
    in_person = make_open(meeting.consortium)
    seat = in_person.attendees.get(organisation=attendee.organisation)
    assert client.post(url(in_person, "online", seat.pk)).status_code == 403
