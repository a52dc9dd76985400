from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from silian.governance.charters.tests.factories import other_todos
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand.tests.factories import make_position
from silian.kernel import clock
from silian.kernel.notices.models import Notice
from silian.talent.rounds import services
from silian.talent.rounds.models import Round
from silian.talent.rounds.tests.factories import make_round, make_seat

pytestmark = pytest.mark.django_db


def typed(**changes: object) -> dict[str, object]:
    start = clock.now().replace(second=0, microsecond=0)
    moments = ("wishes_from", "wishes_until", "ranking_until", "confirm_until")
    days = {
        name: (start + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M")
        for number, name in enumerate(moments)
    }
    facts = {"title_zh": "春季轮次", "kind": "employment", "rule": "ranking", "max_wishes": 5}
    return facts | days | changes


def test_a_round_is_prepared_and_opened(client: Client) -> None:
    consortium = make_consortium()
    position = make_position(consortium, places=2)
    make_position(consortium, kind="internship")
    secretary = make_secretary(consortium)
    client.force_login(secretary)
    home = f"/{consortium.slug}/placement/"
    client.post(f"{home}new/", typed())
    found = Round.objects.get()
    assert found.seed.isdigit()
    page = f"{home}{found.pk}/"
    assert client.post(f"{page}open/").status_code == 403
    assert len(other_todos(secretary)) == 1
    assert "at most its head count" in client.get(f"{page}seats/").text
    too_many = client.post(f"{page}seats/", {f"quota_{position.pk}": 3})
    assert "less than or equal to 2" in too_many.text
    client.post(f"{page}seats/", {f"quota_{position.pk}": 2})
    assert found.seats.get().quota == 2

    client.logout()
    assert client.get(page).status_code == 404
    client.force_login(secretary)
    client.post(f"{page}open/")
    found.refresh_from_db()
    assert found.state == Round.State.WISHING
    for address in ("edit/", "seats/"):
        assert client.get(f"{page}{address}").status_code == 403
    client.logout()
    assert found.seed in client.get(page).text


def test_bad_input_is_explained_beside_the_field(client: Client) -> None:
    consortium = make_consortium()
    client.force_login(make_secretary(consortium))
    wrong = typed(seed="12x", max_wishes=0, wishes_until="2020-01-01T10:00", title_en="Kept")
    text = client.post(f"/{consortium.slug}/placement/new/", wrong).text
    for told in ("Digits alone", "later than the step before", "From 1 to 100", "Kept"):
        assert told in text
    assert not Round.objects.exists()


def test_strangers_prepare_nothing(client: Client) -> None:
    found = make_round()
    make_seat(found)
    home = f"/{found.consortium.slug}/placement/"
    member = make_staff(make_membership(found.consortium).organisation)
    for user in (member, make_secretary(make_consortium())):
        client.force_login(user)
        assert client.get(f"{home}new/").status_code == 403
        assert client.get(f"{home}{found.pk}/").status_code == 404
        for verb in ("open", "cancel"):
            assert client.post(f"{home}{found.pk}/{verb}/", {"reason": "x"}).status_code == 404
    services.open_wishes(found, by=member)
    assert client.post(f"{home}{found.pk}/cancel/", {"reason": "x"}).status_code == 403
    assert client.get(f"{home}{found.pk}/timetable/").status_code == 403


def test_deadlines_are_only_put_off(client: Client) -> None:
    found = make_round()
    make_seat(found)
    secretary = make_secretary(found.consortium)
    services.open_wishes(found, by=secretary)
    client.force_login(secretary)
    page = f"/{found.consortium.slug}/placement/{found.pk}/timetable/"

    def moved(days: int) -> dict[str, str]:
        shift = timedelta(days=days)
        form = "%Y-%m-%dT%H:%M"
        names = [name for name in services.DEADLINES if getattr(found, name)]
        return {name: (getattr(found, name) + shift).strftime(form) for name in names}

    text = client.post(page, moved(-1) | {"reason": "x"}).text
    assert "only be put off" in text
    client.post(page, moved(2) | {"reason": "Holidays"})
    was = found.wishes_until
    found.refresh_from_db()
    assert found.wishes_until > was


def test_cancelling_tells_the_employers(client: Client) -> None:
    found = make_round()
    seat = make_seat(found)
    staff, secretary = make_staff(seat.position.organisation), make_secretary(found.consortium)
    services.open_wishes(found, by=secretary)
    client.force_login(secretary)
    client.post(f"/{found.consortium.slug}/placement/{found.pk}/cancel/", {"reason": "Flood"})
    found.refresh_from_db()
    assert found.state == Round.State.CANCELLED
    assert Notice.objects.filter(to=staff)[0].text.endswith("Flood")


def test_the_timetable_is_a_calendar(client: Client) -> None:
    found = make_round()
    make_seat(found)
    services.open_wishes(found, by=make_secretary(found.consortium))
    page = client.get(f"/{found.consortium.slug}/placement/{found.pk}/round.ics")
    events = Calendar.from_ical(page.content).walk("VEVENT")
    starts = [event["dtstart"].dt.replace(microsecond=0) for event in events]
    assert starts[1] == found.wishes_until.replace(microsecond=0)
    assert len(starts) == 4


def test_the_lists_ask_as_often_for_many_rows_as_for_one(client: Client) -> None:
    consortium = make_consortium()
    secretary = make_secretary(consortium)
    client.force_login(secretary)
    found = make_round(consortium)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_seat(found)
            make_round(consortium)
        pages = (f"/{consortium.slug}/placement/", f"/{consortium.slug}/placement/{found.pk}/")
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_pages_in_chinese(client: Client) -> None:
    found = make_round()
    make_seat(found)
    services.open_wishes(found, by=make_secretary(found.consortium))
    client.cookies["django_language"] = "zh-hans"
    for page in ("", f"{found.pk}/"):
        assert "匹配轮次" in client.get(f"/{found.consortium.slug}/placement/{page}").text
