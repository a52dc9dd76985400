"""What devices send, and what becomes of it."""

from datetime import timedelta
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import travel

from silian.education.answering import log, services
from silian.education.answering.models import Attempt, Line
from silian.education.answering.tests.devices import Device
from silian.education.sittings.models import Exam
from silian.education.sittings.tests.factories import (
    announced,
    make_candidate,
    make_exam,
    make_room,
    make_running_candidate,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.files import services as files

pytestmark = pytest.mark.django_db
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "6360000002000001e221bc330000000049454e44ae426082"
)


def answers(candidate: object) -> dict[str, object]:
    return log.answers_of(Attempt.objects.get(candidate=candidate)).by_item


# --- ticket and opening -----------------------------------------------------------------


def test_number_and_code_open_the_door_and_nothing_else_does() -> None:
    candidate = make_running_candidate()
    device = Device(candidate)
    wrong = device.ticket(code="AAAAAAAA")
    unknown = Device(candidate)
    unknown.candidate = make_candidate(make_room(make_exam()))  # an exam that is not announced
    assert wrong.status_code == unknown.ticket().status_code == 403
    assert wrong.json() == unknown.ticket().json() == {"error": "ticket"}
    right = device.ticket()
    assert right.status_code == 200 and right.json()["exam"] == candidate.exam.title_zh
    device.token = device.token[:-1] + ("x" if device.token[-1] != "x" else "y")
    assert device.post("state", **{"pass": device.token}).status_code == 403


def test_a_ticket_that_is_guessed_at_is_shut_for_a_while() -> None:
    device = Device(make_running_candidate())
    said = {device.ticket(code=f"WRONG{n:03d}").status_code for n in range(11)}
    assert said == {403, 429}
    assert device.ticket().status_code == 429, "even with the right code"


def test_nobody_opens_the_paper_before_time_or_without_a_check_of_identity() -> None:
    exam = make_exam(opens_at=clock.now() + timedelta(minutes=5))
    early = Device(make_candidate(make_room(exam)))
    announced(exam)
    assert early.open().status_code == 409
    unchecked = make_running_candidate()
    type(unchecked).objects.filter(pk=unchecked.pk).update(admitted_at=None)
    device = Device(unchecked)
    answer = device.open()
    assert answer.status_code == 409 and answer.json()["reason"]
    services.admit(unchecked, by=make_user())
    assert device.open().status_code == 200


def test_the_paper_comes_without_keys_and_in_the_candidates_own_minutes() -> None:
    device = Device(make_running_candidate())
    said = device.open().json()
    assert said["paper"] == device.candidate.form.content and "keys" not in str(said)
    assert 3_590_000 < said["left"] <= 3_600_000


def test_pictures_come_with_the_paper_and_to_nobody_who_guesses(client: Client) -> None:
    candidate = make_running_candidate()
    upload = SimpleUploadedFile("part.png", PIXEL)
    stored = files.store(upload, by=make_user(), kinds=files.IMAGES)
    content = candidate.form.content
    shown = {"file": stored.pk, "alt": {"zh": "零件图", "en": ""}}
    content["sections"][0]["items"][0]["content"]["media"] = [shown]
    form = type(candidate.form).objects.create(
        exam=candidate.exam, letter="P", content=content, keys={}
    )
    type(candidate).objects.filter(pk=candidate.pk).update(form=form)
    [media] = (
        Device(candidate).open().json()["paper"]["sections"][0]["items"][0]["content"]["media"]
    )
    answer = client.get(media["url"])
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == PIXEL
    assert client.get(media["url"][:-3] + "xx/").status_code == 404


# --- the log ----------------------------------------------------------------------------


def test_lines_are_kept_once_however_often_and_in_whatever_order_they_come() -> None:
    device = Device(make_running_candidate())
    device.open()
    lines = [device.write("1", letter) for letter in "abcab"] + [device.write("2", ["a"])]
    shuffled = lines * 3
    Random(5).shuffle(shuffled)
    for line in shuffled:
        said = device.send([line]).json()
        assert said["kept"] == [line[0]] and said["clashing"] == []
    assert Line.objects.count() == len(lines)
    assert answers(device.candidate) == {"1": "b", "2": ["a"]}


def test_the_same_number_with_another_answer_is_told_and_neither_is_lost() -> None:
    device = Device(make_running_candidate())
    device.open()
    device.send([[1, "1", "a", 0]])
    said = device.send([[1, "1", "b", 0], [2, "2", ["c"], 0]]).json()
    assert said["kept"] == [2] and said["clashing"] == [1]
    assert answers(device.candidate)["1"] == "a"


def test_the_log_only_grows() -> None:
    device = Device(make_running_candidate())
    device.open()
    device.send([[1, "1", "a", 0]])
    for statement in ("UPDATE answering_line SET response = 'null'", "DELETE FROM answering_line"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Line.objects.get().response == "a"


@pytest.mark.parametrize(
    "line",
    [
        [0, "1", "a", 0],
        [1, "x", "a", 0],
        ["1", "1", "a", 0],
        [1, "1", "a"],
        [1, "1", "a" * 20_001, 0],
    ],
)
def test_what_is_no_line_is_refused_and_nothing_is_kept(line: list[object]) -> None:
    device = Device(make_running_candidate())
    device.open()
    assert device.send([[1, "1", "a", 0], line]).status_code == 400
    assert not Line.objects.exists()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_an_answer_comes_back_as_it_was_written(response: object) -> None:
    if "\\u0000" in ascii(response).replace("\\x00", "\\u0000"):
        return  # PostgreSQL's jsonb holds no NUL; no keyboard writes one
    with transaction.atomic():
        device = Device(make_running_candidate())
        device.open()
        device.send([[1, "9", response, 0]])
        assert answers(device.candidate)["9"] == response
        transaction.set_rollback(True)


def test_a_save_is_one_statement() -> None:
    device = Device(make_running_candidate())
    device.open()
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as asked:
        device.send([[1, "1", "a", 0]])
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) == 1


# --- reloads and other devices ----------------------------------------------------------


def test_after_a_reload_what_was_not_sent_yet_still_counts_unless_it_was_answered_anew() -> None:
    device = Device(make_running_candidate())
    device.open()
    device.send([device.write("1", "a")])
    unsent = [device.write("1", "b"), device.write("2", ["b"])]
    said = device.open().json()
    assert said["opening"] == 2 and said["answers"] == {"1": "a"}
    device.send([[1, "2", ["c"], 0]])
    assert device.send(unsent, opening=1).json()["kept"] == [2, 3]
    assert answers(device.candidate) == {"1": "b", "2": ["c"]}


def test_another_device_needs_a_code_that_works_once_and_takes_over_what_was_written() -> None:
    first = Device(make_running_candidate())
    first.open()
    first.send([first.write("1", "a")])
    second, third = Device(first.candidate), Device(first.candidate)
    assert second.open().status_code == 409
    attempt = Attempt.objects.get()
    code = services.allow_device(attempt, by=make_user())
    assert second.open("000000" if code != "000000" else "111111").status_code == 409
    said = second.open(code)
    assert said.status_code == 200 and said.json()["answers"] == {"1": "a"}
    assert third.open(code).status_code == 409
    told = first.send([first.write("3", True)]).json()
    assert told["elsewhere"] and told["kept"] == [2], "kept, and told where the paper is now"
    assert answers(first.candidate) == {"1": "a", "3": True}


def test_a_device_writes_only_under_openings_of_its_own() -> None:
    first = Device(make_running_candidate())
    first.open()
    second = Device(first.candidate)
    second.ticket()
    assert second.send([[1, "1", "b", 0]], opening=1).status_code == 403
    assert not Line.objects.exists()


# --- the end ----------------------------------------------------------------------------


def test_handing_in_waits_for_every_line() -> None:
    device = Device(make_running_candidate())
    device.open()
    device.write("1", "a"), device.write("2", ["a"])
    device.send(device.journal[1:])
    refused = device.hand_in()
    assert refused.status_code == 409 and refused.json()["missing"] == [1]
    device.send()
    assert device.hand_in().json()["end"] == "self"
    assert device.hand_in().json()["end"] == "self", "said twice, done once"
    assert device.open().status_code == 409


def test_what_comes_after_one_handed_in_is_kept_and_does_not_count() -> None:
    device = Device(make_running_candidate())
    device.open()
    device.send([device.write("1", "a")])
    device.hand_in()
    with travel(clock.now() + timedelta(minutes=1)):
        assert device.send([[2, "1", "b", 50_000]]).json()["kept"] == [2]
    assert answers(device.candidate) == {"1": "a"} and Line.objects.count() == 2


@pytest.mark.parametrize(
    ("written_before_end", "arrives_after_end", "counts"),
    [(60, 5, True), (60, 14, True), (60, 16, False), (-30, 1, False)],
)
def test_the_stated_rule_for_late_answers(
    written_before_end: int, arrives_after_end: int, counts: bool
) -> None:
    """Written in time and received within the grace of 15 minutes; by the server's clock."""
    device = Device(make_running_candidate())
    device.open()
    ends_at = Attempt.objects.get().ends_at
    arrives = ends_at + timedelta(minutes=arrives_after_end)
    age = (arrives - ends_at).total_seconds() + written_before_end
    with travel(arrives, tick=False):
        services.end_overdue()
        device.send([[1, "1", "a", int(age * 1000)]])
    assert (answers(device.candidate) == {"1": "a"}) == counts
    if not counts:
        attempt = Attempt.objects.get()
        services.admit_late(attempt, reason="the power failed", by=make_user())
        assert answers(device.candidate) == {"1": "a"}


def test_a_device_is_not_believed_beyond_what_the_server_saw_itself() -> None:
    """Heard of a minute after the end, it cannot have been writing without contact before."""
    device = Device(make_running_candidate())
    device.open()
    attempt = Attempt.objects.get()
    with travel(attempt.ends_at + timedelta(minutes=1), tick=False):
        device.send([])
    with travel(attempt.ends_at + timedelta(minutes=3), tick=False):
        device.send([[1, "1", "a", 10 * 60_000]])
    assert answers(device.candidate) == {}


def test_time_added_counts_at_once_and_reopens_what_had_run_out() -> None:
    device = Device(make_running_candidate())
    device.open()
    room = device.candidate.room
    attempt = Attempt.objects.get()
    with travel(attempt.ends_at + timedelta(minutes=2), tick=False):
        assert services.end_overdue() == 1
        services.add_minutes(room, 10, reason="power cut", by=make_user())
        said = device.send([[1, "1", "a", 0]]).json()
        assert said["end"] == "" and said["left"] == 8 * 60_000
        services.add_minutes(device.candidate, 5, reason="unwell", by=make_user())
        assert device.send([[2, "2", [], 0]]).json()["left"] == 13 * 60_000
    assert answers(device.candidate) == {"1": "a", "2": []}


def test_a_paper_that_is_taken_in_still_gets_what_the_device_had() -> None:
    device = Device(make_running_candidate())
    device.open()
    services.take_in(Attempt.objects.get(), reason="against the rules", by=make_user())
    with travel(clock.now() + timedelta(minutes=2)):
        said = device.send([[1, "1", "a", 150_000], [2, "1", "b", 1_000]]).json()
    assert said["end"] == "forced" and said["kept"] == [1, 2]
    assert answers(device.candidate) == {"1": "a"}


def test_an_exam_closes_when_nobody_has_time_left() -> None:
    device = Device(make_running_candidate())
    device.open()
    exam = device.candidate.exam
    services.add_minutes(device.candidate, 200, reason="unwell", by=make_user())
    ends_at = Attempt.objects.get().ends_at
    for moment, state in (
        (exam.closes_at + timedelta(minutes=20), Exam.State.ANNOUNCED),
        (ends_at + timedelta(minutes=16), Exam.State.CLOSED),
    ):
        with travel(moment):
            services.close_finished()
        exam.refresh_from_db()
        assert exam.state == state
