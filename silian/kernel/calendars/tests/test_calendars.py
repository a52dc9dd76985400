from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars import events, services
from silian.kernel.calendars.events import Event
from silian.kernel.calendars.models import Feed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def something_coming(monkeypatch: pytest.MonkeyPatch) -> Event:
    """One event, of whoever's name it bears."""
    start = clock.now().replace(microsecond=0) + timedelta(days=3)
    event = Event("thing-1", "Thing", start, start + timedelta(hours=1), "Hall", "Bring a pen")
    monkeypatch.setattr(events, "sources", [lambda user: [event] if user.name == "Mine" else []])
    return event


def made(content: bytes) -> list[Calendar]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_a_feed_is_made_read_renewed_and_withdrawn(client: Client) -> None:
    user = make_user("Mine")
    client.force_login(user)
    assert "Get an address" in client.get("/me/calendar/").text
    client.post("/me/calendar/address/")
    first = Feed.objects.get(user=user)
    assert first.link in client.get("/me/calendar/").text

    anybody = Client()
    answer = anybody.get(f"/me/calendar/{first.token}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    [entry] = made(answer.content)
    assert (entry["summary"], entry["location"]) == ("Thing", "Hall")
    assert first.token not in str(Feed.objects.filter(pk=first.pk).values().get())

    client.post("/me/calendar/address/")
    second = Feed.objects.get(user=user)
    assert anybody.get(f"/me/calendar/{first.token}.ics").status_code == 404
    assert anybody.get(f"/me/calendar/{second.token}.ics").status_code == 200
    client.post("/me/calendar/address/withdraw/")
    assert anybody.get(f"/me/calendar/{second.token}.ics").status_code == 404
    client.post("/me/calendar/address/withdraw/")  # twice does no harm


def test_who_is_locked_out_feeds_nobody(client: Client) -> None:
    user = make_user("Mine")
    token = services.open_feed(by=user).token
    user.is_active = False
    user.save()
    assert client.get(f"/me/calendar/{token}.ics").status_code == 404
    assert client.get("/me/calendar/guessed.ics").status_code == 404


def test_everybody_sees_their_own(client: Client, something_coming: Event) -> None:
    client.force_login(make_user("Mine"))
    assert "Thing" in client.get("/me/calendar/").text
    [row] = client.get("/me/calendar/events/").json()
    assert row["title"] == "Thing" and "+" not in row["start"]  # as the clock on the wall shows
    client.force_login(make_user("Other"))
    assert "Thing" not in client.get("/me/calendar/").text
    assert client.get("/me/calendar/events/").json() == []
    client.logout()
    assert client.get("/me/calendar/").status_code == 302


def test_an_event_keeps_its_key_and_counts_its_changes(something_coming: Event) -> None:
    changed = Event("thing-1", "Thing", something_coming.start, revision=4, cancelled=True)
    first, second = made(events.written([something_coming])), made(events.written([changed]))
    assert first[0]["uid"] == second[0]["uid"]
    assert [entry["sequence"] for entry in (*first, *second)] == [0, 4]
    assert second[0]["status"] == "CANCELLED"


def test_mail_cannot_be_broken_out_of(something_coming: Event) -> None:
    services.mail_event(
        something_coming,
        name="Zoë; CN=x\nATTENDEE:evil",
        address="zoe@example.org",
        subject="One\nBcc: all@example.org",
        body="Text",
    )
    [sent] = mail.outbox
    assert "\n" not in sent.subject and sent.recipients() == ["zoe@example.org"]
    [(content, kind)] = sent.alternatives
    assert "method=REQUEST" in kind
    [entry] = made(content.encode())
    assert str(entry["attendee"]) == "mailto:zoe@example.org"
