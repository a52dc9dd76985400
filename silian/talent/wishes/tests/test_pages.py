"""The student's desk and the employer's, through the browser's eyes."""

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of
from silian.kernel.sheets.registry import Row
from silian.talent.profiles.tests.factories import make_student
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes.closing import close_overdue, close_wishes
from silian.talent.wishes.imports import Scores
from silian.talent.wishes.models import WishList
from silian.talent.wishes.tests.factories import (
    make_member_student,
    make_open_round,
    make_wishes,
    wish_of,
)

pytestmark = pytest.mark.django_db


def desk(found: Round) -> str:
    return f"/{found.consortium.slug}/placement/{found.pk}/wishes/"


def applicants(seat: Seat) -> str:
    found = seat.round
    return f"/{found.consortium.slug}/placement/{found.pk}/seats/{seat.pk}/"


def test_a_student_states_orders_and_confirms_wishes(client: Client) -> None:
    found = make_open_round((1, 1))
    a, b = found.seats.all()
    student = make_member_student(found)
    assert [todo.label for todo in todos_of(student.user)] == ["State and confirm your wishes"]
    client.force_login(student.user)
    assert "You have not stated a wish" in client.get(desk(found)).text
    client.post(f"{desk(found)}add/", {"seat": a.pk, "version": 0})
    client.post(f"{desk(found)}add/", {"seat": b.pk, "version": 1})
    mine = WishList.objects.get()
    second = wish_of(mine, b)
    client.post(f"{desk(found)}{second.pk}/place/", {"order": 1, "version": 2})
    assert [wish.seat for wish in mine.wishes.all()] == [b, a]
    stale = client.post(f"{desk(found)}{second.pk}/remove/", {"version": 1}, follow=True)
    assert "changed in another window" in stale.text
    assert mine.wishes.count() == 2
    page = client.post(f"{desk(found)}confirm/", {"version": 3}, follow=True)
    assert mine.code in page.text
    mine.refresh_from_db()
    assert mine.confirmed_at
    assert not todos_of(student.user)


def test_filters_stay_on_after_a_step(client: Client) -> None:
    found = make_open_round((1, 1))
    client.force_login(make_member_student(found).user)
    seat = found.seats.first()
    step = {"seat": seat.pk, "version": 0}
    page = client.post(f"{desk(found)}add/", step | {"back": f"{desk(found)}?q=x"})
    assert page["Location"] == f"{desk(found)}?q=x"
    elsewhere = client.post(f"{desk(found)}add/", step | {"back": "//evil.example/"})
    assert elsewhere["Location"] == desk(found)


def test_the_clock_closes_the_desk(client: Client, settings: LazySettings) -> None:
    found = make_open_round((1,))
    student = make_member_student(found)
    settings.CLOCK = found.wishes_until.isoformat()
    client.force_login(student.user)
    step = {"seat": found.seats.get().pk, "version": 0}
    assert client.post(f"{desk(found)}add/", step).status_code == 403
    assert "time for wishes is over" in client.get(desk(found)).text
    assert close_overdue() == 1
    found.refresh_from_db()
    assert found.state == Round.State.RANKING


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"graduates": 2030}, "graduate in 2027"), ({"state": "left"}, "no longer enrolled")],
)
def test_who_is_not_meant_reads_why(client: Client, fields: dict[str, object], told: str) -> None:
    found = make_open_round((1,), graduates=2027)
    student = make_member_student(found, **fields)
    client.force_login(student.user)
    assert told in client.get(desk(found)).text
    step = {"seat": found.seats.get().pk, "version": 0}
    assert client.post(f"{desk(found)}add/", step).status_code == 403


def test_others_reach_no_list(client: Client) -> None:
    found = make_open_round((1,))
    mine = make_wishes(found, found.seats.get())
    wish = mine.wishes.get()
    client.force_login(make_student().user)
    assert "not a current member" in client.get(desk(found)).text
    assert client.post(f"{desk(found)}{wish.pk}/remove/", {"version": 1}).status_code == 404
    client.force_login(make_user())
    assert client.get(desk(found)).status_code == 403
    client.logout()
    assert client.get(desk(found)).status_code == 302


def test_an_employer_ranks_and_hands_in(client: Client) -> None:
    found = make_open_round((1, 1))
    seat, other = found.seats.all()
    lists = [make_wishes(found, seat, points=value) for value in (70, 80, 90)]
    staff = make_staff(seat.position.organisation)
    client.force_login(staff)
    page = f"{applicants(seat)}applicants/"
    assert lists[0].student.name not in client.get(page).text
    close_wishes(found, by=None)
    assert [todo.label for todo in todos_of(staff)] == ["Rank those who applied"]
    text = client.get(page).text
    assert all(it.student.name in text and it.code not in text for it in lists)
    a, b, c = (wish_of(it, seat) for it in lists)

    twice = client.post(page, {"version": 0, f"rank_{a.pk}": 1, f"rank_{b.pk}": 1})
    assert "given twice" in twice.text
    client.post(page, {"version": 0, f"rank_{a.pk}": 4, f"rank_{b.pk}": 2})
    ranks = dict(seat.wishes.values_list("pk", "rank"))
    assert ranks == {b.pk: 1, a.pk: 2, c.pk: None}
    stale = client.post(page, {"version": 0, f"rank_{c.pk}": 1})
    assert "a colleague changed this ranking" in stale.text

    client.post(f"{page}{b.pk}/refuse/", {"reason": "Too far away"})
    a.refresh_from_db()
    assert a.rank == 1
    client.post(f"{page}{b.pk}/accept/")
    client.post(f"{applicants(seat)}hand-in/")
    seat.refresh_from_db()
    assert seat.ranking_done
    assert client.post(page, {"version": seat.version}).status_code == 403
    assert not todos_of(staff)
    client.post(f"{applicants(seat)}take-back/")
    seat.refresh_from_db()
    assert not seat.ranking_done
    assert client.get(f"{applicants(other)}applicants/").status_code == 404


def test_scores_from_a_sheet_make_a_ranking(client: Client) -> None:
    found = make_open_round((1,))
    seat = found.seats.get()
    a, b, c = (wish_of(make_wishes(found, seat, points=value), seat) for value in (70, 80, 90))
    close_wishes(found, by=None)
    staff = make_staff(seat.position.organisation)
    client.force_login(staff)
    assert client.get(f"{applicants(seat)}applicants/?export=csv").status_code == 200
    sheet = Scores()
    fresh = sheet.scope_from(str(seat.pk))
    assert sheet.permitted(staff, fresh)
    assert not sheet.permitted(make_secretary(found.consortium), fresh)
    rows = [Row(2, {"applicant": a.pk, "score": 9.0}), Row(3, {"applicant": b.pk, "score": 9.0})]
    assert list(sheet.check([*rows, Row(4, {"applicant": 0, "score": 1.0})], fresh))
    sheet.save(rows, fresh, by=staff, progress=lambda done: None)
    assert list(seat.wishes.order_by("rank").values_list("pk", "rank")) == [
        (b.pk, 1),
        (a.pk, 2),
        (c.pk, None),
    ]


def test_by_points_nobody_ranks(client: Client) -> None:
    found = make_open_round((1,), rule=Round.Rule.POINTS)
    seat = found.seats.get()
    make_wishes(found, seat)
    close_wishes(found, by=None)
    staff = make_staff(seat.position.organisation)
    client.force_login(staff)
    assert client.post(f"{applicants(seat)}applicants/", {"version": 0}).status_code == 403
    assert not todos_of(staff)


def test_the_desk_asks_as_often_for_many_choices_as_for_one(client: Client) -> None:
    counts = []
    for quotas in ((1,), (1,) * 10):
        found = make_open_round(quotas)
        client.force_login(make_member_student(found).user)
        client.get(desk(found))
        with CaptureQueriesContext(connection) as asked:
            client.get(desk(found))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_pages_in_chinese(client: Client) -> None:
    found = make_open_round((1,))
    make_wishes(found, found.seats.get())
    client.force_login(make_member_student(found).user)
    client.cookies["django_language"] = "zh-hans"
    assert "我的志愿" in client.get(desk(found)).text
    close_wishes(found, by=None)
    seat = found.seats.select_related("position__organisation").get()
    client.force_login(make_staff(seat.position.organisation))
    assert "保存排序" in client.get(f"{applicants(seat)}applicants/").text
