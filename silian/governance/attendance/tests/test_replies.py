import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from silian.governance.attendance import replies
from silian.governance.meetings import services as meetings
from silian.governance.meetings.models import Attendee
from silian.governance.meetings.tests.factories import (
    make_attendee,
    make_called,
    make_chartered,
    make_current,
)
from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


def url(attendee: Attendee, name: str = "reply", *more: str) -> str:
    meeting = attendee.meeting
    args = [meeting.consortium, meeting.pk, attendee.pk, *more]
    return reverse(f"attendance:{name}", args=args)


def staff_of(attendee: Attendee) -> User:
    assert attendee.organisation
    return make_staff(attendee.organisation)


def proxy(giver: Attendee, holder: Attendee) -> None:
    replies.answer(giver, by=make_user(), reply="proxy", proxy=holder)


def test_a_unit_answers_with_one_press_and_in_detail(client: Client) -> None:
    attendee = make_called().attendees.first()
    user = staff_of(attendee)
    assert len(todos_of(user)) == 1
    client.force_login(user)
    assert "No answer yet" in client.get(attendee.meeting.get_absolute_url()).text
    client.post(url(attendee, "reply_quick", "coming"))
    attendee.refresh_from_db()
    assert attendee.reply == "coming" and not todos_of(user)
    facts = {"reply": "declined", "reply_note": "出差", "name": "何清明", "title": "副总"}
    client.post(url(attendee), facts)
    attendee.refresh_from_db()
    assert (attendee.reply, attendee.reply_note, attendee.name) == ("declined", "出差", "何清明")
    assert Entry.objects.about(attendee).filter(detail__why="出差").exists()
    assert client.post(url(attendee, "reply_quick", "none")).status_code == 404


def test_others_do_not_answer_for_a_unit(client: Client) -> None:
    meeting = make_called()
    attendee, other, _third = meeting.attendees.all()
    for user, status in ((staff_of(other), 404), (make_user(), 404)):
        client.force_login(user)
        assert client.get(url(attendee)).status_code == status
        assert client.post(url(attendee, "reply_quick", "coming")).status_code == status
        assert client.post(url(attendee), {"reply": "declined"}).status_code == status
    attendee.refresh_from_db()
    assert attendee.reply == "none"
    client.force_login(make_secretary(meeting.consortium))  # after a telephone call
    client.post(url(attendee, "reply_quick", "declined"))
    attendee.refresh_from_db()
    assert attendee.reply == "declined"


def test_a_proxy_is_given_seen_and_withdrawn(client: Client) -> None:
    meeting = make_called()
    giver, holder, _third = meeting.attendees.all()
    user, trusted = staff_of(giver), staff_of(holder)
    client.force_login(user)
    assert holder.unit in client.get(url(giver)).text
    client.post(url(giver), {"reply": "proxy", "proxy": holder.pk})
    giver.refresh_from_db()
    assert giver.proxy == holder
    assert Notice.objects.get(to=trusted).message == "You vote for %(unit)s in “%(meeting)s”"
    client.force_login(trusted)
    assert giver.unit in client.get(meeting.get_absolute_url()).text
    client.force_login(user)
    client.post(url(giver, "reply_quick", "coming"))
    giver.refresh_from_db()
    assert (giver.reply, giver.proxy) == ("coming", None)
    assert Notice.objects.filter(to=trusted).count() == 2


def test_no_chains_no_circles_and_no_more_than_the_charter_allows(client: Client) -> None:
    meeting = make_called(make_chartered(5))
    a, b, c, d, e = meeting.attendees.all()
    guest = make_attendee(meeting)
    proxy(a, b)
    with pytest.raises(ValidationError, match="cannot vote for you"):
        proxy(c, b)  # b holds one already
    with pytest.raises(ValidationError, match="cannot vote for you"):
        proxy(c, a)  # a gave its own away
    with pytest.raises(ValidationError, match="cannot vote for you"):
        proxy(c, c)
    with pytest.raises(ValidationError, match="cannot vote for you"):
        proxy(c, guest)
    with pytest.raises(ValidationError, match="Only a vote"):
        proxy(guest, c)
    with pytest.raises(ValidationError, match="Say who"):
        replies.answer(c, by=make_user(), reply="proxy")
    replies.answer(d, by=make_user(), reply="declined")
    with pytest.raises(ValidationError, match="cannot vote for you"):
        proxy(c, d)  # who does not come cannot vote
    proxy(a, e)  # changed one's mind: b is free again
    proxy(c, b)
    assert dict(meeting.attendees.filter(reply="proxy").values_list("pk", "proxy")) == {
        a.pk: e.pk,
        c.pk: b.pk,
    }
    client.force_login(staff_of(d))
    text = client.post(url(d), {"reply": "proxy", "proxy": b.pk, "reply_note": "写好了"}).text
    assert "Select a valid choice" in text and "写好了" in text
    assert "Say who votes in your place" in client.post(url(d), {"reply": "proxy"}).text


def test_a_charter_without_proxies() -> None:
    meeting = make_called(make_chartered(proxies_each=0))
    first, second, _third = meeting.attendees.all()
    with pytest.raises(ValidationError, match="allows no proxies"):
        proxy(first, second)


def test_a_holder_who_does_not_come_hands_the_proxy_back(client: Client) -> None:
    meeting = make_called()
    giver, holder, third = meeting.attendees.all()
    waiting = staff_of(giver)
    proxy(giver, holder)
    replies.answer(holder, by=make_user(), reply="proxy", proxy=third)
    giver.refresh_from_db()
    assert (giver.reply, giver.proxy) == ("none", None)
    assert "cannot vote for you" in Notice.objects.get(to=waiting).text

    replies.answer(holder, by=make_user(), reply="coming")
    proxy(giver, holder)
    client.force_login(staff_of(holder))
    client.post(url(holder, "hand_back"))
    giver.refresh_from_db()
    assert (giver.reply, giver.proxy) == ("none", None)


def test_answers_end_when_the_meeting_opens(client: Client) -> None:
    meeting = make_current()
    first, second, _third = meeting.attendees.all()
    proxy(first, second)
    meetings.open_meeting(meeting, by=make_user())
    with pytest.raises(IllegalMove):
        replies.answer(first, by=make_user(), reply="coming")
    client.force_login(staff_of(first))
    assert client.post(url(first, "reply_quick", "coming")).status_code == 403
    first.refresh_from_db()
    assert first.proxy == second


def test_a_guest_answers_without_a_vote_to_give(client: Client) -> None:
    meeting = make_called()
    guest = make_attendee(meeting, user=make_user())
    client.force_login(guest.user)
    page = client.get(url(guest)).text
    assert "Sends a proxy" not in page
    client.post(url(guest), {"reply": "coming", "name": guest.name})
    guest.refresh_from_db()
    assert guest.reply == "coming"


@pytest.mark.django_db(transaction=True)
def test_two_units_choose_the_same_holder_at_once() -> None:
    meeting = make_called()
    first, second, holder = meeting.attendees.all()
    by, refused = make_user(), []
    start = threading.Barrier(2)

    def choose(giver: Attendee) -> None:
        try:
            start.wait()
            replies.answer(giver, by=by, reply="proxy", proxy=holder)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=choose, args=[giver]) for giver in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert holder.proxied.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_trust_each_other_at_once_do_not_make_a_circle() -> None:
    meeting = make_called()
    first, second, _third = meeting.attendees.all()
    by = make_user()
    start = threading.Barrier(2)

    def choose(giver: Attendee, holder: Attendee) -> None:
        try:
            start.wait()
            replies.answer(giver, by=by, reply="proxy", proxy=holder)
        except ValidationError:
            pass
        finally:
            connection.close()

    pairs = [(first, second), (second, first)]
    threads = [threading.Thread(target=choose, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meeting.attendees.filter(reply="proxy").count() == 1
