"""A whole round in the browser's words, and who may see what of it."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.charters.tests.factories import other_todos
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.talent.offers import services as offers
from silian.talent.placement import services
from silian.talent.placement.tests.factories import make_contest, run_round
from silian.talent.rounds.models import Round
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.models import WishList
from silian.talent.wishes.tests.factories import make_open_round, make_wishes

pytestmark = pytest.mark.django_db


def published() -> tuple[Round, list[WishList]]:
    found, lists = make_contest()
    run_round(found)
    services.publish_round(found, by=None)
    return found, lists


def home(found: Round) -> str:
    return f"/{found.consortium.slug}/placement/"


def labels(user: object) -> list[str]:
    return [todo.label for todo in other_todos(user)]


def test_the_secretariat_conducts_a_round(client: Client, settings: LazySettings) -> None:
    found, lists = make_contest()
    secretary = make_secretary(found.consortium)
    client.force_login(secretary)
    page = f"{home(found)}{found.pk}/"
    assert "promised the time" in client.get(f"{page}conduct/").text
    assert client.post(f"{page}run/").status_code == 403
    settings.CLOCK = (found.ranking_until + timedelta(hours=1)).isoformat()
    client.logout()  # the session has ended by then
    client.force_login(secretary)
    assert labels(secretary) == ["Compute a placement round"]
    client.post(f"{page}run/")
    found.refresh_from_db()
    assert found.state == Round.State.RUNNING
    assert "nothing about it can be changed" in client.get(f"{page}conduct/").text
    services.compute_round(found, by=secretary)
    assert labels(secretary) == ["Check and publish a placement result"]
    assert "Without a place" in client.get(f"{page}conduct/").text
    assert client.get(f"{page}result/").status_code == 404
    client.post(f"{page}discard/", {"reason": "A ranking was wrong"})
    found.refresh_from_db()
    assert found.state == Round.State.RANKING
    run_round(found)
    client.post(f"{page}publish/")
    found.refresh_from_db()
    assert found.state == Round.State.PUBLISHED
    told = Notice.objects.filter(to=lists[0].student.user, message__contains="is published")
    assert told.count() == 1


def test_only_the_secretariat_conducts(client: Client) -> None:
    found, lists = make_contest()
    employer = make_staff(found.seats.first().position.organisation)
    for user in (employer, lists[0].student.user, make_secretary(make_consortium())):
        client.force_login(user)
        assert client.get(f"{home(found)}{found.pk}/conduct/").status_code == 403
        for verb in ("run", "publish", "discard"):
            assert client.post(f"{home(found)}{found.pk}/{verb}/").status_code == 403
        assert client.post(f"{home(found)}{found.pk}/wishes/close/").status_code == 403


def test_a_student_reads_why_and_nobody_s_name(client: Client) -> None:
    found, lists = published()
    anna, _ben, chen, dora, _emil = lists
    page = f"{home(found)}{found.pk}/result/mine/"
    client.force_login(chen.student.user)
    text = client.get(page).text
    assert "not suitable: No certificate" in text
    assert "Your wish 2 is fulfilled" in text
    client.force_login(dora.student.user)
    text = client.get(page).text
    assert "all admitted were ranked, the last one as number 1; you were not ranked" in text
    assert "the last one admitted has 95.00, you have 80.00, 15.00 short" in text
    assert dora.code in text
    for other in lists:
        if other != dora:
            assert other.student.name not in text
            assert other.code not in text
    client.force_login(anna.student.user)
    assert client.get(page).status_code == 200
    client.force_login(make_user())
    assert client.get(page).status_code == 404


def test_the_public_result_holds_no_names_and_offers_the_bundle(client: Client) -> None:
    found, lists = published()
    page = client.get(f"{home(found)}{found.pk}/result/")
    assert page.status_code == 200
    assert not any(it.student.name in page.text or it.code in page.text for it in lists)
    bundle = client.get(f"{home(found)}{found.pk}/result/bundle.zip")
    assert bundle["Content-Type"] == "application/zip"
    assert bundle.content[:2] == b"PK"
    client.cookies["django_language"] = "zh-hans"
    assert "自行核验" in client.get(f"{home(found)}{found.pk}/result/").text


def test_a_place_is_accepted_and_confirmed(client: Client) -> None:
    found, (anna, *_rest) = published()
    placement = anna.student.placements.get()
    employer = make_staff(placement.seat.position.organisation)
    offer = f"{home(found)}offers/{placement.pk}/"
    assert labels(anna.student.user) == ["Accept or decline your place"]
    client.force_login(anna.student.user)
    assert client.post(f"{offer}confirm/").status_code == 403
    client.post(f"{offer}accept/")
    assert labels(employer) == ["Confirm those who accepted"]
    client.force_login(employer)
    page = client.get(f"{home(found)}{found.pk}/seats/{placement.seat_id}/result/").text
    assert anna.student.name in page
    client.post(f"{offer}confirm/")
    placement.refresh_from_db()
    assert placement.state == "confirmed"
    assert client.post(f"{offer}withdraw/", {"reason": "x"}).status_code == 403


def test_a_place_is_withdrawn_with_a_reason_or_declined(client: Client) -> None:
    found, (anna, _ben, chen, *_rest) = published()
    first, second = anna.student.placements.get(), chen.student.placements.get()
    client.force_login(make_staff(first.seat.position.organisation))
    client.post(f"{home(found)}offers/{first.pk}/withdraw/", {"reason": ""})
    first.refresh_from_db()
    assert first.state == "offered"
    client.post(f"{home(found)}offers/{first.pk}/withdraw/", {"reason": "The line was closed"})
    client.force_login(anna.student.user)
    assert "The line was closed" in client.get(f"{home(found)}{found.pk}/result/mine/").text
    client.force_login(chen.student.user)
    client.post(f"{home(found)}offers/{second.pk}/decline/", {"reason": "Other plans"})
    second.refresh_from_db()
    assert (second.state, second.reason) == ("declined", "Other plans")


def test_what_nobody_answers_lapses(settings: LazySettings) -> None:
    found, (anna, *_rest) = published()
    assert offers.lapse_overdue() == 0
    settings.CLOCK = found.confirm_until.isoformat()
    assert offers.lapse_overdue() == 2
    assert anna.student.placements.get().state == "lapsed"


def test_a_stranger_meets_no_placement(client: Client) -> None:
    found, (anna, *_rest) = published()
    placement = anna.student.placements.get()
    stranger = make_staff(found.seats.last().position.organisation)
    client.force_login(stranger)
    assert client.post(f"{home(found)}offers/{placement.pk}/confirm/").status_code == 404
    seat = f"{home(found)}{found.pk}/seats/{placement.seat_id}/"
    assert client.get(f"{seat}result/").status_code == 404
    assert client.get(f"{seat}applicants/").status_code == 404
    client.logout()
    assert client.get(f"{seat}result/").status_code == 302
    rows = client.get(f"{home(found)}{found.pk}/placements/")
    assert rows.status_code == 302


def test_a_school_sees_its_own_students_alone(client: Client) -> None:
    found, (anna, *_rest) = published()
    client.force_login(make_staff(anna.student.school))
    assert anna.student.name in client.get(f"{home(found)}{found.pk}/placements/").text
    client.force_login(make_user())
    assert anna.student.name not in client.get(f"{home(found)}{found.pk}/placements/").text


def test_the_list_of_placements_asks_as_often_for_many_as_for_one(client: Client) -> None:
    counts = []
    for students in (1, 12):
        found = make_open_round((students,), rule=Round.Rule.POINTS)
        for _ in range(students):
            make_wishes(found, found.seats.get())
        close_wishes(found, by=None)
        run_round(found)
        services.publish_round(found, by=None)
        client.force_login(make_secretary(found.consortium))
        client.get(f"{home(found)}{found.pk}/placements/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"{home(found)}{found.pk}/placements/")
        assert len(page.context["listing"].current) == students
        counts.append(len(asked))
    assert counts[0] == counts[1]
