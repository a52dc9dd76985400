"""The office's console, arbitration, corrections, papers, closing."""

from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from silian.education.examiners.tests.factories import make_examiner, make_relation
from silian.education.judging.models import Excusal, Mark, Sheet
from silian.education.judging.policy import visible_sheets
from silian.education.judging.tests.tablets import make_judged_turn, run, tablets_of
from silian.education.practicals.models import Practical, Turn
from silian.education.practicals.tests.factories import make_announced_practical
from silian.education.scoresheets import services
from silian.education.scoresheets.models import Arbitration, Correction, Decided
from silian.education.scoresheets.policy import visible_marks
from silian.education.scoresheets.scores import practical_scores
from silian.engines import rubric
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


def of(turn: Turn, rest: str = "") -> str:
    return f"/{turn.station.practical.consortium.slug}/scores/turns/{turn.pk}/{rest}"


def console(practical: Practical, rest: str = "") -> str:
    return f"/{practical.consortium.slug}/practicals/{practical.pk}/scores/{rest}"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def office_of(turn: Turn) -> Client:
    return client_of(make_secretary(turn.station.practical.consortium))


def examiner(turn: Turn, number: int) -> User:
    panel = list(turn.station.panel.order_by("-chief", "pk"))
    return panel[number].examiner.user


# --- who sees what ----------------------------------------------------------------------


def test_only_the_office_sees_the_console() -> None:
    turn = make_judged_turn("50", "50", "50")
    practical = turn.station.practical
    office = office_of(turn)
    organiser = client_of(make_staff(practical.organiser))
    for rest in ("", "turns/", "results/", "marks/"):
        assert office.get(console(practical, rest)).status_code == 200
        assert organiser.get(console(practical, rest)).status_code == 200
        for user in (examiner(turn, 0), make_user(), make_secretary(make_consortium())):
            assert client_of(user).get(console(practical, rest)).status_code == 404
    assert Client().get(console(practical)).status_code == 302


def test_no_page_tells_the_name_of_a_candidate() -> None:
    turn = make_judged_turn("50", "50", "50")
    office, practical = office_of(turn), turn.station.practical
    sheet = turn.sheets.earliest("pk")
    addresses = [console(practical), console(practical, "results/"), of(turn)]
    addresses.append(f"/{practical.consortium.slug}/scores/sheets/{sheet.pk}/")
    for address in addresses:
        said = office.get(address).text
        assert turn.entrant.number in said and turn.entrant.person.name not in said


def test_a_turn_is_read_by_the_office_and_by_who_signed_a_sheet_of_it() -> None:
    turn = make_judged_turn("50", "51")
    sheet = turn.sheets.earliest("pk")
    paper = f"/{turn.station.practical.consortium.slug}/scores/sheets/{sheet.pk}/"
    readers = [examiner(turn, 0), examiner(turn, 1)]
    readers.append(make_secretary(turn.station.practical.consortium))
    for user in readers:
        client = client_of(user)
        assert [client.get(one).status_code for one in (of(turn), paper)] == [200, 200]
    for user in (examiner(turn, 2), make_user(), make_secretary(make_consortium())):
        client = client_of(user)
        assert [client.get(one).status_code for one in (of(turn), paper)] == [404, 404]
    for rest in ("correction/", "arbiter/", "decision/"):
        assert client_of(examiner(turn, 0)).get(of(turn, rest)).status_code == 403


def test_a_sheet_is_printed_with_every_line_and_its_seal() -> None:
    turn = make_judged_turn("50", "50", "50")
    sheet = turn.sheets.earliest("pk")
    address = f"/{turn.station.practical.consortium.slug}/scores/sheets/{sheet.pk}/paper/"
    answer = office_of(turn).get(address)
    assert answer.content.startswith(b"%PDF") and len(answer.content) > 5000


# --- the console ------------------------------------------------------------------------


def test_the_console_tells_what_is_late_and_missing() -> None:
    practical = make_announced_practical(entrants=2)
    first, second = Turn.objects.filter(station__practical=practical).order_by("during")
    office = office_of(first)
    assert "Not begun" in office.get(console(practical)).text
    with travel(practical.begins_at + timedelta(minutes=50)):
        office = office_of(first)
        assert "Late" in office.get(console(practical, "turns/")).text
        tablets = tablets_of(practical)
        run(tablets[0], first, "begin", "finish")
        tablets[0].judge(first)
        said = office.get(console(practical, "?show=missing")).text
        assert str(tablets[1].panellist.examiner) in said
        assert str(tablets[0].panellist.examiner) not in said
        late = office.get(console(practical, "?show=late")).text
        assert second.entrant.number in late and first.entrant.number not in late
        assert "expected at" in late


def test_a_console_asks_the_same_however_many_turns_there_are() -> None:
    def asked(entrants: int) -> int:
        practical = make_announced_practical(entrants=entrants)
        office = client_of(make_secretary(practical.consortium))
        office.get(console(practical, "turns/"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert office.get(console(practical, "turns/")).status_code == 200
        return len(queries)

    assert asked(1) == asked(30)


def test_marks_are_listed_and_taken_along() -> None:
    turn = make_judged_turn("50", "51", "52")
    office, practical = office_of(turn), turn.station.practical
    page = office.get(console(practical, "marks/"))
    assert page.status_code == 200 and "加工工艺" in page.text
    sheet = office.get(console(practical, "marks/?export=csv")).content.decode()
    assert len(sheet.strip().splitlines()) == 1 + 9


def test_results_are_taken_along_with_who_failed_and_who_did_not_come() -> None:
    practical = make_announced_practical(entrants=3)
    turn = make_judged_turn("50", "51", "52", practical=practical)
    second, third = practical.entrants.order_by("draw")[1:]
    tablets = tablets_of(practical)
    run(tablets[0], second.turns.get(), "begin", "finish")
    for tablet in tablets:
        tablet.judge(second.turns.get(), "40", done=False)
    run(tablets[0], third.turns.get(), "absent")
    office = office_of(turn)
    page = office.get(console(practical, "results/")).text
    station = practical.stations.get()
    for kind in ("csv", "xlsx"):
        address = console(practical, f"results/all.{kind}")
        assert address in page
        assert office.get(address).status_code == 200
        assert client_of(examiner(turn, 0)).get(address).status_code == 404
        assert client_of(make_user()).get(address).status_code == 404
    assert office.get(console(practical, "results/all.pdf")).status_code == 404
    said = office.get(console(practical, "results/all.csv")).content.decode("utf-8-sig")
    head, *rows = (line.split(",") for line in said.splitlines())
    assert head[:3] == ["number drawn", "ticket number", station.name]
    assert rows == [
        ["1", turn.entrant.number, "91.00", "91.00", "No", "No"],
        ["2", second.number, "60.00", "60.00", "Yes", "No"],
        ["3", third.number, "0", "0.00", "No", "Yes"],
    ]
    assert turn.entrant.person.name not in said


def test_forms_about_a_turn_lead_back_to_it() -> None:
    by_chief = make_judged_turn("30", "20", "50")
    by_office = make_judged_turn("30", "50", "51")
    agreed = make_judged_turn("50", "50", "50")
    chief = client_of(examiner(by_chief, 0))
    for client, turn, rest in (
        (chief, by_chief, "decision/"),
        (office_of(by_office), by_office, "arbiter/"),
        (office_of(agreed), agreed, "correction/"),
    ):
        said = client.get(of(turn, rest)).text
        assert f'href="{of(turn)}">Cancel' in said


def test_a_list_of_marks_asks_the_same_however_many_there_are() -> None:
    def asked(entrants: int) -> int:
        practical = make_announced_practical(entrants=entrants)
        for turn in Turn.objects.filter(station__practical=practical):
            sign_without_tablet(turn)
        office = client_of(make_secretary(practical.consortium))
        office.get(console(practical, "marks/"))
        with CaptureQueriesContext(connection) as queries:
            assert office.get(console(practical, "marks/")).status_code == 200
        return len(queries)

    assert asked(1) == asked(10)  # three marks each


def sign_without_tablet(turn: Turn) -> None:
    sheet = Sheet.objects.create(turn=turn, panellist=turn.station.panel.get(chief=True))
    for one in turn.station.criteria.all():
        Mark.objects.create(sheet=sheet, criterion=one, response="1", points=1)
    signed = {"total": 3, "signed_at": clock.now(), "content": "x", "sha256": "x", "seal": "x"}
    Sheet.objects.filter(pk=sheet.pk).update(state="signed", **signed)


def test_an_exam_is_closed_when_all_is_in() -> None:
    turn = make_judged_turn("50", "50")
    office, practical = office_of(turn), turn.station.practical
    assert office.post(console(practical, "close/")).status_code == 403
    last = tablets_of(practical)[2]
    last.judge(turn, "50")
    assert office.post(console(practical, "close/")).status_code == 302
    practical.refresh_from_db()
    assert practical.state == "closed"
    assert office.post(console(practical, "close/")).status_code == 403
    assert last.open().status_code == 404  # nothing is judged any more


def test_a_sheet_that_cannot_come_any_more_is_done_without() -> None:
    turn = make_judged_turn("50", "52")
    office = office_of(turn)
    last = turn.station.panel.order_by("-chief", "pk").last()
    assert last is not None
    office.post(of(turn, f"excuse/{last.pk}/"))
    assert not Excusal.objects.exists()  # no reason was given
    office.post(of(turn, f"excuse/{last.pk}/"), {"reason": "突发疾病"})
    assert services.result_of(turn).points == Decimal("91.00")
    assert tablets_of(turn.station.practical)[2].judge(turn, "1").status_code == 409
    assert services.result_of(turn).points == Decimal("91.00")
    assert office.post(of(turn, f"excuse/{last.pk}/"), {"reason": "x"}).status_code == 403


# --- arbitration ------------------------------------------------------------------------


def answers(turn: Turn, points: str, **more: Any) -> dict[str, Any]:
    judged = turn.station.criteria.get(kind="judged")
    return {f"criterion-{judged.pk}": points, "reason": "听取三位考评员意见后裁定", **more}


def test_the_chief_decides_where_the_others_differ() -> None:
    turn = make_judged_turn("50", "60", "40")
    result = services.result_of(turn)
    assert result.undecided and result.difference == 20 and result.points is None
    chief, second = client_of(examiner(turn, 0)), client_of(examiner(turn, 1))
    assert second.get(of(turn, "decision/")).status_code == 403
    assert office_of(turn).get(of(turn, "arbiter/")).status_code == 403
    assert any(todo.url == of(turn) for todo in todos_of(examiner(turn, 0)))
    page = chief.get(of(turn, "decision/")).text
    assert "60 / 40" in page or "50 / 60 / 40" in page
    assert "安全操作" not in page  # all agree about it
    wrong = chief.post(of(turn, "decision/"), answers(turn, "48.3")).text
    assert "Steps of 0.5" in wrong and "48.3" in wrong and "听取三位" in wrong
    assert not Arbitration.objects.exists()
    assert chief.post(of(turn, "decision/"), answers(turn, "48.5")).status_code == 302
    assert services.result_of(turn).points == Decimal("88.50")
    assert Decided.objects.count() == 3 and Sheet.objects.filter(state="signed").count() == 3
    assert "听取三位" in office_of(turn).get(of(turn)).text
    assert chief.get(of(turn, "decision/")).status_code == 403


def test_only_the_chief_is_apart_so_the_office_names_an_arbiter() -> None:
    turn = make_judged_turn("30", "50", "51")
    practical = turn.station.practical
    assert client_of(examiner(turn, 0)).get(of(turn, "decision/")).status_code == 403
    good, near = make_examiner(practical.consortium), make_examiner(practical.consortium)
    unfit = make_examiner(practical.consortium, card=False)
    make_relation(near, turn.entrant.person)
    secretary = make_secretary(practical.consortium)
    office = client_of(secretary)
    assert any(todo.url == of(turn) for todo in todos_of(secretary))
    page = office.get(of(turn, "arbiter/")).text
    assert str(good) in page and str(near) not in page and str(unfit) not in page
    again = office.post(of(turn, "arbiter/"), {"arbiter": near.pk})
    assert again.status_code == 200 and not Arbitration.objects.exists()
    assert office.post(of(turn, "arbiter/"), {"arbiter": good.pk}).status_code == 302
    assert Notice.objects.filter(to=good.user).exists()
    assert any(todo.url == of(turn) for todo in todos_of(good.user))
    assert client_of(examiner(turn, 0)).get(of(turn, "decision/")).status_code == 403
    arbiter = client_of(good.user)
    assert arbiter.post(of(turn, "decision/"), answers(turn, "49")).status_code == 302
    assert services.result_of(turn).points == 89


def test_an_arbitration_may_fail_a_critical_point() -> None:
    practical = make_announced_practical(entrants=1)
    turn = Turn.objects.get(station__practical=practical)
    tablets = tablets_of(practical)
    run(tablets[0], turn, "begin", "finish")
    for tablet, done in zip(tablets, (True, True, False), strict=True):
        tablet.judge(turn, "50", done=done)
    assert services.result_of(turn).undecided
    safety = turn.station.criteria.get(kind="checked")
    chief = client_of(examiner(turn, 0))
    facts = {f"criterion-{safety.pk}": "no", "reason": "视频显示未戴护目镜"}
    if (
        chief.get(of(turn, "decision/")).status_code == 403
    ):  # the others do not agree: chief decides
        pytest.fail("the chief decides where the others differ")
    chief.post(of(turn, "decision/"), facts)
    assert practical_scores(practical)[turn.entrant.person_id].failed


def test_what_was_decided_stays() -> None:
    turn = make_judged_turn("50", "60", "40")
    judged = turn.station.criteria.get(kind="judged")
    marks = {judged.pk: rubric.Mark(Decimal(45))}
    services.decide(turn, marks, reason="裁定", by=examiner(turn, 0))
    with pytest.raises(IllegalMove):
        services.decide(turn, marks, reason="再裁定", by=examiner(turn, 0))
    office = make_secretary(turn.station.practical.consortium)
    services.correct(turn, points=Decimal(80), failed=False, reason="申诉", by=office)
    for change in (
        "UPDATE scoresheets_arbitration SET total = 1",
        "UPDATE scoresheets_decided SET points = 1",
        "DELETE FROM scoresheets_decided",
        "UPDATE scoresheets_correction SET points = 1",
        "DELETE FROM scoresheets_correction",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_counts() -> None:
    turn = make_judged_turn("50", "60", "40")
    judged, chief = turn.station.criteria.get(kind="judged"), examiner(turn, 0)
    outcomes: list[str] = []

    def decide(points: int) -> None:
        held = Turn.objects.get(pk=turn.pk)
        try:
            services.decide(
                held, {judged.pk: rubric.Mark(Decimal(points))}, reason="裁定", by=chief
            )
            outcomes.append("decided")
        except IllegalMove:
            outcomes.append("late")
        connection.close()

    threads = [Thread(target=decide, args=[points]) for points in (45, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "late"]
    assert Arbitration.objects.get().marks.count() == 3


# --- corrections ------------------------------------------------------------------------


def test_a_closed_exam_is_corrected_with_a_trace() -> None:
    turn = make_judged_turn("50", "50", "50")
    office, practical = office_of(turn), turn.station.practical
    office.post(console(practical, "close/"))
    page = office.post(of(turn, "correction/"), {"points": "123", "reason": "加工误判"})
    assert page.status_code == 200 and "加工误判" in page.text
    assert not Correction.objects.exists()
    office.post(of(turn, "correction/"), {"points": "71.25", "reason": "加工误判"})
    assert practical_scores(practical)[turn.entrant.person_id].points == Decimal("71.25")
    said = office.get(of(turn)).text
    assert "加工误判" in said and "90.00" in said


def test_nobody_decides_about_themselves() -> None:
    turn = make_judged_turn("50", "50", "50")
    staff = make_staff(turn.station.practical.organiser)
    assert client_of(staff).get(of(turn, "correction/")).status_code == 200
    turn.entrant.person.user = staff
    turn.entrant.person.save()
    assert client_of(staff).get(of(turn, "correction/")).status_code == 403


def test_an_examiner_of_the_office_sees_no_points_before_signing() -> None:
    turn = make_judged_turn("50", "52")
    practical, third = turn.station.practical, examiner(turn, 2)
    Role.objects.create(user=third, kind=Role.Kind.STAFF, organisation=practical.organiser)
    sheet = Sheet.objects.filter(turn=turn)[0]
    client = client_of(third)
    assert client.get(of(turn)).status_code == 404
    assert not visible_marks(third, practical).exists()
    assert not visible_sheets(third).filter(pk=sheet.pk).exists()
    assert client_of(make_staff(practical.organiser)).get(of(turn)).status_code == 200
    assert tablets_of(practical)[2].judge(turn, "51").status_code == 200
    assert client_of(examiner(turn, 2)).get(of(turn)).status_code == 200
    assert visible_marks(third, practical).exists()


def test_nothing_is_corrected_before_it_is_decided() -> None:
    turn = make_judged_turn("50", "50")
    assert office_of(turn).get(of(turn, "correction/")).status_code == 403
