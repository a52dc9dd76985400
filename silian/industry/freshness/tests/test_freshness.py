from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.charters.tests.factories import other_todos
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand import services as demand
from silian.industry.demand.models import Position, Rhythm
from silian.industry.demand.tests.factories import make_position
from silian.industry.freshness import services, tasks
from silian.kernel import clock
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db
State = Position.State
START = date(2026, 3, 2)


def on(settings: LazySettings, day: int) -> None:
    """The morning ``day`` days after the start, when the task has run."""
    settings.CLOCK = f"{START + timedelta(days=day)}T08:20:00+08:00"
    tasks.tend(timestamp=0)


def published(**fields: object) -> Position:
    fields = {"confirmed_on": START, "starts_on": START + timedelta(days=400)} | fields
    return make_position(**fields)  # type: ignore[arg-type]


def standing(position: Position) -> tuple[str, bool, bool]:
    position.refresh_from_db()
    return position.state, position.asked_on is not None, position.lowered_on is not None


def test_asked_lowered_closed_and_reopened(client: Client, settings: LazySettings) -> None:
    settings.CLOCK = f"{START}T08:00:00+08:00"
    position = published()
    staff = make_staff(position.organisation)
    notices = Notice.objects.filter(to=staff)
    on(settings, 29)
    assert standing(position) == (State.PUBLISHED, False, False)
    assert not notices.exists()
    on(settings, 30)
    assert standing(position) == (State.PUBLISHED, True, False)
    assert notices.count() == 1
    assert [todo.count for todo in other_todos(staff)] == [1]
    on(settings, 44)
    assert notices.count() == 1  # asked once
    on(settings, 45)
    assert standing(position) == (State.PUBLISHED, True, True)
    on(settings, 59)
    assert notices.count() == 2
    on(settings, 60)
    assert standing(position) == (State.CLOSED, False, False)
    assert position.lapsed_on == clock.today()
    assert notices.count() == 3
    assert not other_todos(staff)
    assert Entry.objects.filter(by=None, detail__to=State.CLOSED).exists()

    client.force_login(staff)
    home = f"/{position.consortium.slug}/demand/"
    assert "Reopen" in client.get(f"{home}confirmations/").text
    client.post(f"{home}{position.pk}/reopen/")
    position.refresh_from_db()
    assert (position.state, position.confirmed_on) == (State.PUBLISHED, clock.today())
    assert position.lapsed_on is None


def test_a_confirmation_begins_anew(settings: LazySettings) -> None:
    settings.CLOCK = f"{START}T08:00:00+08:00"
    position = published()
    staff = make_staff(position.organisation)
    on(settings, 30)
    on(settings, 50)
    assert standing(position) == (State.PUBLISHED, True, True)
    demand.confirm_position(position, by=staff)
    assert standing(position) == (State.PUBLISHED, False, False)
    on(settings, 79)
    assert standing(position) == (State.PUBLISHED, False, False)
    on(settings, 80)
    assert standing(position) == (State.PUBLISHED, True, False)


def test_nobody_is_closed_unwarned_when_the_task_slept(settings: LazySettings) -> None:
    settings.CLOCK = f"{START}T08:00:00+08:00"
    position = published()
    on(settings, 300)
    assert standing(position) == (State.PUBLISHED, True, False)
    on(settings, 314)
    assert standing(position) == (State.PUBLISHED, True, False)
    on(settings, 315)
    assert standing(position) == (State.PUBLISHED, True, True)
    on(settings, 330)
    assert standing(position) == (State.CLOSED, False, False)


def test_one_notice_for_all_of_an_employer(settings: LazySettings) -> None:
    settings.CLOCK = f"{START}T08:00:00+08:00"
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    staff = make_staff(employer)
    for _ in range(3):
        published(consortium=consortium, organisation=employer)
    on(settings, 30)
    assert [notice.params["count"] for notice in Notice.objects.filter(to=staff)] == [3]


def test_what_is_over_closes_and_cannot_be_reopened(client: Client, settings: LazySettings) -> None:
    settings.CLOCK = f"{START}T08:00:00+08:00"
    position = published(open_until=START + timedelta(days=3))
    running = published(ends_on=START + timedelta(days=500))
    on(settings, 3)
    assert standing(position)[0] == State.PUBLISHED
    on(settings, 4)
    assert standing(position)[0] == State.CLOSED
    assert standing(running)[0] == State.PUBLISHED
    client.force_login(make_staff(position.organisation))
    address = f"/{position.consortium.slug}/demand/{position.pk}/"
    assert client.post(f"{address}reopen/").status_code == 403
    assert "Its last day has passed" in client.get(address).text


def test_each_consortium_has_its_rhythm(client: Client, settings: LazySettings) -> None:
    settings.CLOCK = f"{START}T08:00:00+08:00"
    slow, quick = published(), published()
    client.force_login(make_secretary(quick.consortium))
    address = f"/{quick.consortium.slug}/demand/rhythm/"
    page = client.post(address, {"ask_after": 9, "lower_after": 9, "close_after": 5})
    assert "later than the step before" in page.text
    assert not Rhythm.objects.exists()
    client.post(address, {"ask_after": 7, "lower_after": 10, "close_after": 14})
    assert str(Rhythm.of(quick.consortium)) == "7/10/14"
    assert str(Rhythm.of(slow.consortium)) == "30/45/60"
    on(settings, 7)
    assert standing(quick)[1:] == (True, False)
    assert standing(slow)[1:] == (False, False)


def test_the_database_keeps_the_steps_in_order() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rhythm.objects.create(
            consortium=make_consortium(), ask_after=9, lower_after=9, close_after=10
        )


def test_one_press_confirms_many(client: Client) -> None:
    consortium, old = make_consortium(), clock.today() - timedelta(days=20)
    employer = make_membership(consortium).organisation
    mine = [make_position(consortium, employer, confirmed_on=old) for _ in range(3)]
    other = make_position(consortium, confirmed_on=old)
    client.force_login(make_staff(employer))
    address = f"/{consortium.slug}/demand/confirmations/"
    page = client.get(address).text
    assert page.count("checked") >= 3
    assert other.title_en not in page
    keys = [mine[0].pk, mine[1].pk, other.pk]
    client.post(address, {"position": keys})
    confirmed = Position.objects.filter(confirmed_on=clock.today())
    assert set(confirmed) == {mine[0], mine[1]}  # a stranger's is not touched


def test_who_may_answer_and_who_may_set(client: Client) -> None:
    position = make_position()
    home = f"/{position.consortium.slug}/demand/"
    client.force_login(make_staff(make_membership(make_consortium()).organisation))
    assert client.get(f"{home}confirmations/").status_code == 403
    assert client.get(f"{home}rhythm/").status_code == 403
    client.force_login(make_staff(position.organisation))
    assert client.get(f"{home}confirmations/").status_code == 200
    assert client.get(f"{home}rhythm/").status_code == 403


def test_a_confirmation_in_the_same_moment_wins(settings: LazySettings) -> None:
    """What is confirmed after it was due and before it is closed stays open."""
    settings.CLOCK = f"{START}T08:00:00+08:00"
    position = published()
    on(settings, 30)
    on(settings, 45)
    settings.CLOCK = f"{START + timedelta(days=60)}T08:20:00+08:00"
    demand.confirm_position(position, by=make_staff(position.organisation))
    services.close_unconfirmed(position.consortium, Rhythm.of(position.consortium))
    assert standing(position)[0] == State.PUBLISHED


def test_confirmations_ask_as_often_for_30_rows_as_for_one(client: Client) -> None:
    consortium, old = make_consortium(), clock.today() - timedelta(days=20)
    employer = make_membership(consortium).organisation
    client.force_login(make_staff(employer))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_position(consortium, employer, confirmed_on=old)
        client.get(f"/{consortium.slug}/demand/confirmations/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/{consortium.slug}/demand/confirmations/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
