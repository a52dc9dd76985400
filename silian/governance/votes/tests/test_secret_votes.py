"""Motions by secret ballot: the paper, the roll of those present, and what the board decides."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from silian.governance.ballots import policy as ballots
from silian.governance.ballots import services as polls
from silian.governance.ballots.models import Poll
from silian.governance.ballots.tasks import close_overdue
from silian.governance.ballots.urn import new_code
from silian.governance.meetings.models import Meeting
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.motions.models import Motion
from silian.governance.motions.tests.factories import (
    make_motion,
    make_rule,
    make_session,
    voter_of,
)
from silian.governance.votes import services
from silian.governance.votes.tests.factories import make_open_letter, make_vote_on
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    """Four units, three of them there; dismissals are secret by the charter."""
    consortium = make_consortium()
    make_rule(consortium, base="valid")
    make_rule(consortium, matter="dismissal", secret=True, base="present")
    return make_session(consortium, units=4, present=3)


@pytest.fixture
def secretary(meeting: Meeting) -> User:
    return make_secretary(meeting.consortium)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(motion: Motion, name: str = "vote") -> str:
    return reverse(f"votes:{name}", args=[motion.consortium, motion.pk])


def hand_in(motion: Motion, user: User, choice: str) -> None:
    for voter in ballots.voters_of(user, motion.poll):
        codes = [new_code() for _ in range(voter.votes)]
        polls.cast(motion.poll, voter, choices={1: {1: choice}}, codes=codes, by=user)


def test_the_charter_or_the_motion_makes_it_secret(meeting: Meeting, secretary: User) -> None:
    item = meeting.items.get()
    client = signed_in(secretary)
    for facts in ({"matter": "dismissal"}, {"secret_asked": True}):
        motion = make_motion(item, by=secretary, **facts)
        assert "By secret ballot" in client.get(motion.get_absolute_url()).text
        client.post(url(motion, "put"), {"minutes": 20, "way": "hands"})
        motion.refresh_from_db()
        assert (motion.way, motion.poll.state) == ("ballot", "open")
        assert motion.poll.voters.count() == 3
        assert not motion.votes.exists()
        assert "To the ballot paper" in client.get(url(motion)).text
        assert client.post(url(motion, "cast"), {}).status_code == 403
        assert client.get(url(motion, "roll")).status_code == 403


def test_closing_the_ballot_decides_the_motion(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary, matter="dismissal")
    first, second, _third = meeting.attendees.order_by("pk")[:3]
    for attendee, choice in ((first, "for"), (second, "for")):
        hand_in(motion, voter_of(attendee.organisation), choice)
    client = signed_in(secretary)
    assert "2 of 3 votes cast" in client.get(url(motion)).text

    client.post(url(motion, "close"))  # the chair ends it before its time

    motion.refresh_from_db()
    assert (motion.state, motion.in_favour, motion.present, motion.eligible) == ("carried", 2, 3, 4)
    page = client.get(url(motion)).text
    assert "2 in favour of 3 present, needed 2" in page
    assert "count again" in page
    assert "How each unit voted" not in page
    assert motion.poll.state == "closed"


def test_proxies_vote_on_paper_too(meeting: Meeting, secretary: User) -> None:
    holder, giver = meeting.attendees.order_by("pk")[0], meeting.attendees.order_by("pk")[3]
    giver.proxy, giver.reply = holder, "proxy"
    giver.save()
    motion = make_vote_on(meeting, by=secretary, secret_asked=True)
    hand_in(motion, voter_of(holder.organisation), "against")
    assert motion.poll.voters.filter(has_voted=True).count() == 2


def test_time_alone_closes_and_decides(
    meeting: Meeting, secretary: User, settings: LazySettings
) -> None:
    motion = make_vote_on(meeting, by=secretary, secret_asked=True)
    settings.CLOCK = (clock.now() + timedelta(minutes=16)).isoformat()
    close_overdue(0)
    motion.refresh_from_db()
    assert (motion.state, motion.in_favour) == ("lost", 0)


def test_a_secret_vote_that_is_called_off_burns_its_ballots(
    meeting: Meeting, secretary: User
) -> None:
    motion = make_vote_on(meeting, by=secretary, secret_asked=True)
    poll = motion.poll
    signed_in(secretary).post(url(motion, "call_off"), {"reason": "议题有误"})
    motion.refresh_from_db()
    poll.refresh_from_db()
    assert (motion.state, motion.poll, poll.state) == ("proposed", None, Poll.State.VOID)


def test_secretly_by_correspondence_whoever_answers_counts(settings: LazySettings) -> None:
    consortium = make_consortium()
    make_rule(consortium, correspondence=True, secret=True, base="valid")
    users = [make_staff(make_membership(consortium).organisation) for _ in range(3)]
    motion = make_open_letter(consortium)
    assert motion.poll.voters.count() == 3
    assert signed_in(users[0]).get(url(motion)).status_code == 200
    for user in users[:2]:
        hand_in(motion, user, "for")
    settings.CLOCK = (clock.now() + timedelta(days=6, hours=1)).isoformat()
    services.keep_deadlines()
    reminded = Notice.objects.filter(message__contains="still missing")
    assert [notice.to for notice in reminded] == [users[2]]

    settings.CLOCK = (clock.now() + timedelta(days=1)).isoformat()
    services.keep_deadlines()
    close_overdue(0)
    motion.refresh_from_db()
    assert (motion.state, motion.present, motion.eligible) == ("carried", 2, 3)
