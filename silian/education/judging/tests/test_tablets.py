"""What tablets send, and what becomes of it."""

from datetime import timedelta
from random import Random
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from silian.education.examiners.tests.factories import make_relation
from silian.education.judging import log, policy, services
from silian.education.judging.filling import filled
from silian.education.judging.models import Line, Mark, Performance, Photo, Sheet
from silian.education.judging.policy import visible_sheets
from silian.education.judging.tests.tablets import (
    PASSWORD,
    PICTURE,
    Tablet,
    make_judged_turn,
    run,
    tablets_of,
)
from silian.education.practicals.models import Practical, Turn
from silian.education.practicals.services import close_practical
from silian.education.practicals.tests.factories import make_announced_practical
from silian.education.turns.services import move_turn
from silian.governance.members.tests.factories import make_secretary
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files import services as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def practical() -> Practical:
    return make_announced_practical(entrants=2)


@pytest.fixture
def turn(practical: Practical) -> Turn:
    return Turn.objects.filter(station__practical=practical).earliest("pk")


def criteria(turn: Turn) -> list[str]:
    return [f"{key}" for key in turn.station.criteria.values_list("pk", flat=True)]


# --- who gets what ----------------------------------------------------------------------


def test_only_the_examiner_gets_the_station_and_no_name(practical: Practical, turn: Turn) -> None:
    chief, *_rest = tablets_of(practical)
    said = chief.open().json()
    assert [one["draw"] for one in said["turns"]] == [1, 2]
    assert turn.entrant.person.name not in str(said)
    assert [one["kind"] for one in said["rubric"]] == ["judged", "checked", "measured"]
    assert chief.client.get(f"/judge/{chief.panellist.pk}/").status_code == 200
    stranger = Client()
    stranger.force_login(make_user())
    for door in ("", "open/", "lines/", "sign/", "photos/"):
        address = f"/judge/{chief.panellist.pk}/{door}"
        asked = stranger.post(address) if door else stranger.get(address)
        assert asked.status_code == 404
    assert Client().get(f"/judge/{chief.panellist.pk}/").status_code == 302


def test_who_knows_the_candidate_does_not_get_the_turn(practical: Practical, turn: Turn) -> None:
    chief, *_rest = tablets_of(practical)
    make_relation(chief.panellist.examiner, turn.entrant.person)
    assert turn.pk not in [one["key"] for one in chief.open().json()["turns"]]
    assert chief.sign(turn, {}).status_code == 404
    run(chief, turn, "begin", "interrupt")
    assert not Performance.objects.exists(), "nor does what they say of it count"
    others = practical.entrants.exclude(pk=turn.entrant_id).values_list("pk", flat=True)
    for tablet in tablets_of(practical):
        judged = set(policy.judged_turns(tablet.panellist).values_list("entrant", flat=True))
        apart = set() if tablet.panellist == chief.panellist else {turn.entrant_id}
        assert judged == {*others, *apart}


def test_a_turn_that_has_begun_is_not_moved(practical: Practical, turn: Turn) -> None:
    office = Client()
    office.force_login(make_secretary(practical.consortium))
    plan = f"/{practical.consortium.slug}/practicals/{practical.pk}"
    address = f"{plan}/turns/{turn.pk}/"
    later = turn.during.lower + timedelta(hours=5)
    assert address in office.get(f"{plan}/plan/").text
    assert office.get(address).status_code == 200
    run(tablets_of(practical)[0], turn, "begin")
    refused = office.post(address, {"begins": f"{later:%Y-%m-%dT%H:%M}", "desk": 1})
    assert refused.status_code == 403 and "has begun" in refused.text
    for page in ("plan/", f"candidates/{turn.entrant_id}/", f"stations/{turn.station_id}/plan/"):
        assert address not in office.get(f"{plan}/{page}").text
    with pytest.raises(ValidationError, match="has begun"):
        move_turn(turn, desk=1, begins=later, by=make_secretary(practical.consortium))
    with pytest.raises(IntegrityError, match="begun stays"), transaction.atomic():
        Turn.objects.filter(pk=turn.pk).update(desk=2)
    Turn.objects.filter(pk=turn.pk).update(desk=1)


def test_an_examiner_sees_the_stations_of_today_first(practical: Practical) -> None:
    chief, *_rest = tablets_of(practical)
    far = make_announced_practical(
        consortium=practical.consortium, begins_at=clock.now() + timedelta(days=9)
    )
    place = far.stations.get().panel.get(chief=False, pk=far.stations.get().panel.last().pk)
    type(place).objects.filter(pk=place.pk).update(examiner=chief.panellist.examiner)
    page = chief.client.get("/judge/").text
    assert page.index(str(practical.title)) < page.index(str(far.title))


def test_what_one_signed_is_found_when_the_exam_is_over() -> None:
    turn = make_judged_turn("50", "50", "50")
    practical = turn.station.practical
    chief = tablets_of(practical)[0]
    address = f"/{practical.consortium.slug}/scores/turns/{turn.pk}/"
    assert (
        f"/{practical.consortium.slug}/scores/turns/0/"
        in chief.client.get(f"/judge/{chief.panellist.pk}/").text
    )
    assert address not in chief.client.get("/judge/").text
    close_practical(practical, by=None)
    assert address in chief.client.get("/judge/").text
    assert chief.client.get(address).status_code == 200
    stranger = Client()
    stranger.force_login(make_user())
    assert address not in stranger.get("/judge/").text


def test_ones_own_page_asks_the_same_however_much_one_signed() -> None:
    asked = []
    for entrants in (1, 4):
        practical = make_announced_practical(entrants=entrants)
        chief = tablets_of(practical)[0]
        for turn in Turn.objects.filter(station__practical=practical):
            run(chief, turn, "begin", "finish")
            assert chief.judge(turn).status_code == 200
        close_practical(practical, by=None)
        with CaptureQueriesContext(connection) as queries:
            said = chief.client.get("/judge/").text
        assert said.count("/scores/turns/") == entrants
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- the log ----------------------------------------------------------------------------


def test_lines_that_come_twice_and_in_any_order_are_kept_once(
    practical: Practical, turn: Turn
) -> None:
    tablet = tablets_of(practical)[0]
    first, second, third = criteria(turn)
    for n in range(12):
        tablet.write(turn, first, f"{n}")
    tablet.write(turn, second, True)
    tablet.write(turn, third, "20.03")
    random = Random(5)
    for _n in range(9):
        lines = random.sample(tablet.journal, 5)
        assert set(tablet.send(lines).json()["kept"]) == {line[0] for line in lines}
    tablet.send()
    assert Line.objects.count() == 14
    sheet = filled(tablet.panellist, turn.pk)
    assert sheet.responses == {int(first): "11", int(second): True, int(third): "20.03"}
    assert sheet.total == 11 + 20 and not sheet.open


def test_the_server_says_whether_a_measurement_is_within_its_tolerance(
    practical: Practical, turn: Turn
) -> None:
    tablet = tablets_of(practical)[0]
    _first, _second, size = criteria(turn)
    for said, points in (("20.02", ["20", True]), ("20.0201", ["0", False])):
        written = tablet.send([tablet.write(turn, size, said)]).json()["written"]
        assert written[f"{turn.pk}"]["marks"][size] == points
    written = tablet.send([tablet.write(turn, size, "20.")]).json()["written"][f"{turn.pk}"]
    assert written["marks"][size] == ["20", True] and int(size) not in written["open"]
    written = tablet.send([tablet.write(turn, size, "2-")]).json()["written"][f"{turn.pk}"]
    assert size not in written["marks"] and int(size) in written["open"]


def test_a_number_that_is_taken_is_told_and_nothing_is_overwritten(
    practical: Practical, turn: Turn
) -> None:
    tablet = tablets_of(practical)[0]
    first, *_rest = criteria(turn)
    tablet.send([[1, turn.pk, first, "5", 0]])
    said = tablet.send([[1, turn.pk, first, "6", 0], [2, turn.pk, first, "7", 0]]).json()
    assert said["clashing"] == [1] and said["kept"] == [2]
    assert Line.objects.get(number=1).response == "5"


def test_the_older_of_two_devices_is_told_and_loses_nothing(
    practical: Practical, turn: Turn
) -> None:
    older = tablets_of(practical)[0]
    first, second, _third = criteria(turn)
    older.write(turn, first, "10")
    older.write(turn, second, True)
    newer = Tablet(older.panellist)
    newer.open()
    newer.write(turn, first, "20")
    newer.send()
    said = older.send().json()
    assert said["elsewhere"] and said["kept"] == [1, 2]
    held = filled(older.panellist, turn.pk)
    assert held.responses == {int(first): "20", int(second): True}
    stolen = Tablet(older.panellist)
    assert stolen.send([[1, turn.pk, first, "1", 0]], opening=1).status_code == 409


def test_what_is_no_line_is_refused_whole(practical: Practical, turn: Turn) -> None:
    tablet = tablets_of(practical)[0]
    first, *_rest = criteria(turn)
    good = [1, turn.pk, first, "5", 0]
    for bad in (
        [],
        [0, turn.pk, first, "5", 0],
        [2, 0, first, "5", 0],
        [2, [turn.pk], first, "5", 0],
        [2, turn.pk, "0", "5", 0],
        [2, turn.pk, first, "x" * 3000, 0],
        [2, turn.pk, "comment", "\0", 0],
    ):
        assert tablet.send([good, bad]).status_code == 400
    assert not Line.objects.exists()


def test_the_log_only_grows(practical: Practical, turn: Turn) -> None:
    tablet = tablets_of(practical)[0]
    tablet.send([[1, turn.pk, "comment", "好", 0]])
    for change in ("UPDATE judging_line SET response = '1'", "DELETE FROM judging_line"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_server_that_dies_in_the_middle_has_kept_and_done_nothing(
    practical: Practical, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = tablets_of(practical)[0]
    tablet.write(turn, "comment", "好")
    tablet.write(turn, "turn", {"do": "begin"})
    with monkeypatch.context() as patch, pytest.raises(ConnectionError):
        patch.setattr(log.Opening.objects, "filter", _killed)
        tablet.send()
    assert not Line.objects.exists() and not Performance.objects.exists()
    assert tablet.send().json()["kept"] == [1, 2]
    assert Performance.objects.get(turn=turn).state == "working"


def _killed(**_facts: Any) -> None:
    raise ConnectionError


# --- turns ------------------------------------------------------------------------------


def test_time_that_an_equipment_failure_took_is_given_back(
    practical: Practical, turn: Turn
) -> None:
    tablet = tablets_of(practical)[0]
    start = practical.begins_at
    with travel(start, tick=False):
        tablet.post("lines", opening=1, lines=[])
        run(tablet, turn, "begin")
    with travel(start + timedelta(minutes=10), tick=False):
        tablet.write(turn, "turn", {"do": "interrupt", "cause": "equipment", "note": "主轴报警"})
        tablet.send()
    with travel(start + timedelta(minutes=22), tick=False):
        run(tablet, turn, "resume")
        said = tablet.post("lines", opening=1, lines=[]).json()["turns"]
    held = Performance.objects.get(turn=turn)
    assert held.ends_at == start + timedelta(minutes=30 + 12)
    stop = held.interruptions.get()
    assert (stop.cause, stop.note, stop.given_back) == (
        "equipment",
        "主轴报警",
        timedelta(minutes=12),
    )
    assert said[0]["left"] == 20 * 60_000 and said[0]["stood"][0]["given"] == 12 * 60_000
    late = start + timedelta(minutes=30 + 12 + practical.changeover)
    assert said[1]["expected"] == f"{timezone.localtime(late):%H:%M}"


def test_a_candidates_own_doing_gives_no_time(practical: Practical, turn: Turn) -> None:
    tablet = tablets_of(practical)[0]
    run(tablet, turn, "begin")
    before = Performance.objects.get(turn=turn).ends_at
    tablet.write(turn, "turn", {"do": "interrupt", "cause": "candidate"})
    tablet.write(turn, "turn", {"do": "resume"})
    tablet.send()
    assert Performance.objects.get(turn=turn).ends_at == before


def test_the_clock_of_a_tablet_is_believed_within_what_the_server_knows(
    practical: Practical, turn: Turn
) -> None:
    tablet = tablets_of(practical)[0]
    start = clock.now()
    with travel(start, tick=False):
        tablet.post("lines", opening=1, lines=[])
    with travel(start + timedelta(minutes=10), tick=False):
        tablet.send([[1, turn.pk, "turn", {"do": "begin"}, 4 * 60_000]])
        assert Performance.objects.get(turn=turn).begun_at == start + timedelta(minutes=6)
    with travel(start + timedelta(minutes=12), tick=False):
        tablet.send([[2, turn.pk, "turn", {"do": "finish"}, 10**9]])
        held = Performance.objects.get(turn=turn)
        assert held.finished_at == start + timedelta(minutes=10)
        for age in (-5, 10**12, "x", None):
            assert log.believed(tablet.panellist.opened.get(), age, start) == start


def test_what_a_colleague_did_already_is_not_done_twice(practical: Practical, turn: Turn) -> None:
    chief, second, _third = tablets_of(practical)
    run(chief, turn, "begin")
    begun = Performance.objects.get(turn=turn).begun_at
    run(second, turn, "begin", "resume", "absent", "nonsense")
    held = Performance.objects.get(turn=turn)
    assert (held.begun_at, held.state) == (begun, "working")
    run(second, turn, "finish")
    run(chief, turn, "interrupt", "resume")  # ended by mistake: the work goes on
    assert Performance.objects.get(turn=turn).state == "working"
    made = Entry.objects.filter(subject=f"judging.Performance:{held.pk}")
    assert made.count() == 3


def test_who_did_not_come_may_come_after_all(practical: Practical, turn: Turn) -> None:
    chief, *_rest = tablets_of(practical)
    run(chief, turn, "absent")
    assert Performance.objects.get(turn=turn).state == "absent"
    run(chief, turn, "begin")
    assert Performance.objects.get(turn=turn).state == "working"


# --- photos -----------------------------------------------------------------------------


def test_a_photo_is_kept_once_sealed_and_shown_to_few(practical: Practical, turn: Turn) -> None:
    chief, second, _third = tablets_of(practical)
    criterion, key = turn.station.criteria.earliest("order").pk, uuid4()
    answers = [chief.photo(turn, criterion, key) for _n in range(2)]
    assert [one.json()["kept"] for one in answers] == [str(key)] * 2
    photo = Photo.objects.get()
    assert photo.file.sealed and files.read(photo.file) == PICTURE
    address = f"/{practical.consortium.slug}/scores/photos/{photo.pk}/"
    assert chief.client.get(address).content == PICTURE
    assert second.client.get(address).status_code == 404  # has not signed an own sheet
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.get(address).status_code == 404


def test_what_is_no_picture_is_refused(practical: Practical, turn: Turn) -> None:
    chief, *_rest = tablets_of(practical)
    page, criterion = chief.panellist.opened.get(), turn.station.criteria.earliest("order")
    with pytest.raises(ValidationError):
        services.keep_photo(
            page,
            turn,
            criterion,
            key=uuid4(),
            upload=SimpleUploadedFile("a.png", b"no picture"),
            age=0,
            by=chief.panellist.examiner.user,
        )
    assert not Photo.objects.exists()


# --- signing ----------------------------------------------------------------------------


def test_a_signed_sheet_is_sealed_and_stays(practical: Practical, turn: Turn) -> None:
    chief, *_rest = tablets_of(practical)
    run(chief, turn, "begin", "finish")
    assert chief.judge(turn, "45.5", size="20.5").status_code == 200
    sheet = Sheet.objects.get()
    assert (sheet.state, sheet.total, sheet.failed) == ("signed", 45.5 + 20, [])
    assert services.still_holds(sheet)
    assert chief.judge(turn, "1").status_code == 200  # a repeated request signs nothing else
    sheet.refresh_from_db()
    assert sheet.total == 65.5 and sheet.marks.count() == 3
    for change in (
        "UPDATE judging_sheet SET total = 1",
        "UPDATE judging_mark SET points = 1",
        "DELETE FROM judging_mark",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    sheet.content = sheet.content.replace("65.50", "95.50")
    assert not services.still_holds(sheet)


def test_what_is_missing_is_named(practical: Practical, turn: Turn) -> None:
    chief, *_rest = tablets_of(practical)
    first, second, third = criteria(turn)
    assert "finished" in chief.sign(turn, {}).json()["reason"]
    run(chief, turn, "begin", "finish")
    chief.write(turn, first, "50")
    assert chief.sign(turn, {first: "50"}).json() == {"missing": [3]}
    chief.send()
    said = chief.sign(turn, {first: "50"}).json()
    assert said == {"open": [int(second), int(third)], "photos": []}
    chief.write(turn, second, True)
    chief.write(turn, third, "20")
    chief.send()
    said = chief.sign(turn, {first: "60", second: True, third: "20"}).json()
    assert said == {"differs": {first: "50", second: True, third: "20"}}
    assert not Sheet.objects.exists() and not Mark.objects.exists()


def test_a_criterion_that_needs_a_photo_waits_for_it(practical: Practical, turn: Turn) -> None:
    chief, *_rest = tablets_of(practical)
    size = turn.station.criteria.get(kind="measured")
    Practical.objects.filter(pk=practical.pk).update(state="draft")
    type(size).objects.filter(pk=size.pk).update(photo=True)
    Practical.objects.filter(pk=practical.pk).update(state="announced")
    run(chief, turn, "begin", "finish")
    assert chief.judge(turn).json() == {"open": [], "photos": [size.pk]}
    assert chief.photo(turn, size.pk).status_code == 200
    assert chief.judge(turn).status_code == 200
    assert Photo.objects.get().file.sha256 in Sheet.objects.get().content


def test_a_signature_needs_the_password_and_tries_are_counted(
    practical: Practical, turn: Turn
) -> None:
    chief, *_rest = tablets_of(practical)
    run(chief, turn, "begin", "finish")
    said = {chief.sign(turn, {}, secret=f"{n}").status_code for n in range(31)}
    assert said == {403, 429}
    assert chief.sign(turn, {}, secret=PASSWORD).status_code == 429


def test_who_signed_may_read_the_others_and_nobody_before(practical: Practical) -> None:
    turn = make_judged_turn("50", "40", practical=practical)
    third = turn.station.panel.order_by("-chief", "pk").last()
    assert third is not None
    chief = turn.station.panel.get(chief=True)
    assert visible_sheets(chief.examiner.user).count() == 2
    assert not visible_sheets(third.examiner.user).exists()
    assert not visible_sheets(make_user()).exists()


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_make_one_sheet() -> None:
    practical = make_announced_practical(entrants=1)
    turn = Turn.objects.get(station__practical=practical)
    chief, *_rest = tablets_of(practical)
    run(chief, turn, "begin", "finish")
    keys = criteria(turn)
    seen = dict(zip(keys, ("50", True, "20"), strict=True))
    for item, response in seen.items():
        chief.write(turn, item, response)
    chief.send()
    said: list[int] = []

    def sign() -> None:
        said.append(chief.sign(turn, seen).status_code)
        connection.close()

    threads = [Thread(target=sign) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [200] * 3
    assert Sheet.objects.get().marks.count() == 3
