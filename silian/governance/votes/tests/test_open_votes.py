"""Open votes in a meeting: each unit by itself, by proxy, by roll call, by show of hands."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.engines.tallying import Votes
from silian.governance.charters.working import restored
from silian.governance.meetings.models import Meeting
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.governance.motions import services as motions
from silian.governance.motions.models import Motion
from silian.governance.motions.tests.factories import (
    make_attendee,
    make_motion,
    make_rule,
    make_session,
    voter_of,
)
from silian.governance.votes import policy, services
from silian.governance.votes.models import Vote
from silian.governance.votes.tests.factories import give, make_vote_on, right_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    """Five units, four of them there; the charter asks for 2/3 and more than half of the valid."""
    consortium = make_consortium()
    make_rule(consortium, base="valid")
    return make_session(consortium, units=5, present=4)


@pytest.fixture
def secretary(meeting: Meeting) -> User:
    return make_secretary(meeting.consortium)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(motion: Motion, name: str = "vote") -> str:
    return reverse(f"votes:{name}", args=[motion.consortium, motion.pk])


def field(attendee: object) -> str:
    return f"unit-{attendee.organisation_id}"


def test_units_vote_on_their_phones_and_see_the_working(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    present = list(meeting.attendees.order_by("pk")[:4])
    for attendee, choice in zip(present, ["for", "for", "against", "abstain"], strict=True):
        client = signed_in(voter_of(attendee.organisation))
        assert attendee.organisation.name_en in client.get(url(motion)).text
        answer = client.post(url(motion, "cast"), {field(attendee): choice}, follow=True)
        assert "Your vote is counted" in answer.text
        assert "4 votes cast" in answer.text
        assert "How each unit voted" not in answer.text  # before the close

    signed_in(secretary).post(url(motion, "close"))

    motion.refresh_from_db()
    assert (motion.state, motion.in_favour, motion.against, motion.abstaining) == ("lost", 2, 1, 1)
    page = client.get(url(motion)).text
    assert "4 of 5 units present, quorum 4 (2/3 of 5): met" in page
    assert "2 in favour of 4 valid, needed 3" in page
    assert "How each unit voted" in page
    assert restored(motion.decision).needed == 3
    assert motion.charter == meeting.charter


def test_those_present_are_told_that_they_can_vote(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    here, away = meeting.attendees.order_by("pk")[0], meeting.attendees.order_by("pk")[4]
    told = Notice.objects.filter(url=url(motion), message__startswith="Please vote")
    assert told.filter(to=voter_of(here.organisation)).exists()
    assert not told.filter(to=voter_of(away.organisation)).exists()


def test_a_vote_is_changed_until_the_close_and_never_after(
    meeting: Meeting, secretary: User
) -> None:
    motion = make_vote_on(meeting, by=secretary)
    attendee = meeting.attendees.order_by("pk").first()
    client = signed_in(voter_of(attendee.organisation))
    client.post(url(motion, "cast"), {field(attendee): "for"})
    assert "You have voted" in client.get(url(motion)).text
    client.post(url(motion, "cast"), {field(attendee): "against"})
    assert [vote.choice for vote in motion.votes.all()] == ["against"]

    services.close_vote(motion, by=secretary)
    answer = client.post(url(motion, "cast"), {field(attendee): "for"})
    assert (answer.status_code, "can be cast or changed any more" in answer.text) == (403, True)
    assert Vote.objects.get().choice == "against"


def test_the_database_refuses_a_vote_on_what_is_closed(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    attendee = meeting.attendees.order_by("pk").first()
    late, right = Motion.objects.get(pk=motion.pk), right_of(motion, attendee)
    vote = give(motion, attendee, "for", by=secretary)
    services.close_vote(motion, by=secretary)
    with pytest.raises(services.VoteClosed):
        services.cast(late, right, "against", by=secretary)
    with pytest.raises(IntegrityError, match="the vote is closed"):
        Vote.objects.filter(pk=vote.pk).update(choice="abstain")


def test_a_unit_votes_once_whatever_it_sends(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    attendee = meeting.attendees.order_by("pk").first()
    give(motion, attendee, "for", by=secretary)
    with pytest.raises(IntegrityError, match="one_vote_a_unit_and_motion"):
        Vote.objects.create(motion=motion, organisation=attendee.organisation)


def test_a_unit_votes_for_those_whose_proxy_it_has(meeting: Meeting, secretary: User) -> None:
    holder, giver = meeting.attendees.order_by("pk")[0], meeting.attendees.order_by("pk")[4]
    giver.proxy, giver.reply = holder, "proxy"
    giver.save()
    motion = make_vote_on(meeting, by=secretary)
    client = signed_in(voter_of(holder.organisation))
    assert "by proxy" in client.get(url(motion)).text
    client.post(url(motion, "cast"), {field(holder): "for", field(giver): "against"})

    services.close_vote(motion, by=secretary)

    motion.refresh_from_db()
    assert (motion.in_favour, motion.against, motion.present) == (1, 1, 5)
    vote = motion.votes.get(organisation=giver.organisation)
    assert vote.proxy == holder.organisation
    assert "by proxy of" in client.get(url(motion)).text


def test_who_is_not_there_cannot_vote(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    away = meeting.attendees.order_by("pk")[4]
    client = signed_in(voter_of(away.organisation))
    assert "Only units with a vote that are present" in client.get(url(motion)).text
    assert client.post(url(motion, "cast"), {field(away): "for"}).status_code == 403
    elsewhere = make_session(make_consortium()).attendees.first().organisation
    for stranger in (make_user(), make_staff(elsewhere)):
        for name in ("vote", "progress", "screen"):
            assert signed_in(stranger).get(url(motion, name)).status_code == 404
        assert (
            signed_in(stranger).post(url(motion, "cast"), {field(away): "for"}).status_code == 404
        )


def test_a_choice_for_another_unit_is_not_taken(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    mine, other = meeting.attendees.order_by("pk")[0], meeting.attendees.order_by("pk")[1]
    client = signed_in(voter_of(mine.organisation))
    for sent in ({field(other): "for"}, {}, {field(mine): "maybe"}):
        answer = client.post(url(motion, "cast"), sent, follow=True)
        assert "Choose for, against or abstention." in answer.text
    assert not motion.votes.exists()


def test_a_seat_of_a_person_is_voted_by_that_person_alone(
    meeting: Meeting, secretary: User
) -> None:
    person = make_user()
    attendee = make_attendee(meeting, user=person)
    motion = make_vote_on(meeting, by=secretary)
    colleague = signed_in(voter_of(attendee.organisation))
    assert colleague.post(url(motion, "cast"), {field(attendee): "for"}).status_code == 403
    signed_in(person).post(url(motion, "cast"), {field(attendee): "for"})
    assert motion.votes.get().cast_by == person


def test_the_secretariat_enters_a_roll_call(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    first, second, third, _fourth = meeting.attendees.order_by("pk")[:4]
    give(motion, first, "against", by=voter_of(first.organisation))
    client = signed_in(secretary)
    page = client.get(url(motion, "roll")).text
    assert first.organisation.name_en in page
    assert meeting.attendees.order_by("pk")[4].organisation.name_en not in page
    assert "Choose for, against" in client.post(url(motion, "roll"), {}).text
    said = {field(first): "against", field(second): "for", field(third): "for"}
    client.post(url(motion, "roll"), said)

    own, called = motion.votes.get(organisation=first.organisation), motion.votes.last()
    assert (own.by_secretariat, called.by_secretariat, called.cast_by) == (False, True, secretary)
    member = signed_in(voter_of(first.organisation))
    assert member.get(url(motion, "roll")).status_code == 403


def test_hands_are_counted_as_numbers(meeting: Meeting, secretary: User) -> None:
    motion = make_motion(meeting.items.get(), by=secretary)
    client = signed_in(secretary)
    page = client.get(url(motion, "put")).text
    assert "4 of 5 units present, quorum 4" in page
    client.post(url(motion, "put"), {"way": "hands"})
    member = signed_in(voter_of(meeting.attendees.order_by("pk").first().organisation))
    assert "by show of hands in the room" in member.get(url(motion)).text

    answer = client.post(url(motion, "hands"), {"favour": 3, "against": 1, "abstain": 1})
    assert "These are 5 votes, but only 4 are present." in answer.text
    assert 'value="3"' in answer.text
    client.post(url(motion, "hands"), {"favour": 3, "against": 1, "abstain": 0})

    motion.refresh_from_db()
    assert (motion.state, motion.in_favour, motion.against) == ("carried", 3, 1)
    assert "How each unit voted" not in client.get(url(motion)).text


def test_without_a_quorum_nothing_is_carried_and_the_page_says_what_is_missing(
    secretary: User, meeting: Meeting
) -> None:
    meeting.attendees.filter(pk__in=meeting.attendees.order_by("pk")[2:4]).update(
        left_at=clock.now()
    )
    motion = make_motion(meeting.items.get(), by=secretary)
    client = signed_in(secretary)
    assert "Without a quorum nothing can be carried." in client.get(url(motion, "put")).text
    services.put_to_vote(motion, by=secretary, way="hands")
    services.close_vote(motion, by=secretary, hands=Votes(favour=2))
    motion.refresh_from_db()
    assert (motion.state, motion.present) == ("lost", 2)
    assert "2 votes were missing for a quorum" in client.get(url(motion)).text
    assert "There was no quorum" in client.get(motion.get_absolute_url()).text


def test_a_vote_counts_also_where_its_unit_has_left(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    attendee = meeting.attendees.order_by("pk").first()
    give(motion, attendee, "for", by=secretary)
    attendee.left_at = clock.now()
    attendee.save()
    services.close_vote(motion, by=secretary)
    motion.refresh_from_db()
    assert (motion.present, motion.in_favour) == (4, 1)


def test_votes_are_weighed_where_the_charter_says_so(meeting: Meeting, secretary: User) -> None:
    heavy = make_attendee(meeting, votes=5)
    motion = make_vote_on(meeting, by=secretary)
    give(motion, heavy, "for", by=secretary)
    services.close_vote(motion, by=secretary)
    motion.refresh_from_db()
    assert (motion.in_favour, motion.present, motion.eligible) == (5, 9, 10)
    assert "9 of 10 votes present" in signed_in(secretary).get(url(motion)).text


def test_a_vote_opens_only_in_session_and_amendments_come_first(
    meeting: Meeting, secretary: User
) -> None:
    motion = make_motion(meeting.items.get(), by=secretary)
    changed = Motion(title_zh="改", text_zh="改")
    amendment = motions.amend(motion, changed, by=secretary)
    client = signed_in(secretary)
    assert "Amendments are voted on first." in client.get(motion.get_absolute_url()).text
    assert client.post(url(motion, "put"), {"way": "each"}).status_code == 403
    with pytest.raises(IllegalMove):
        services.put_to_vote(motion, by=secretary)

    client.post(url(amendment, "put"), {"way": "hands"})
    client.post(url(amendment, "hands"), {"favour": 4, "against": 0, "abstain": 0})
    motion.refresh_from_db()
    assert motion.text_zh == "改"

    Meeting.objects.update(state="closed", closed_at=clock.now())
    assert client.post(url(motion, "put"), {"way": "each"}).status_code == 403


def test_a_vote_opened_by_mistake_is_called_off(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    give(motion, meeting.attendees.order_by("pk").first(), "for", by=secretary)
    client = signed_in(secretary)
    client.post(url(motion, "call_off"), {"reason": ""})
    motion.refresh_from_db()
    assert motion.state == "voting"
    client.post(url(motion, "call_off"), {"reason": "念错了议案"})
    motion.refresh_from_db()
    assert (motion.state, motion.opened_at, motion.votes.count()) == ("proposed", None, 0)
    assert "念错了议案" in client.get(motion.get_absolute_url()).text


@pytest.mark.parametrize("name", ["put", "close", "call_off", "hands", "roll"])
def test_only_the_secretariat_conducts(meeting: Meeting, secretary: User, name: str) -> None:
    motion = make_vote_on(meeting, by=secretary)
    member = signed_in(voter_of(meeting.attendees.order_by("pk").first().organisation))
    answer = member.post(url(motion, name), {"reason": "x"})
    assert (answer.status_code, "Only the secretariat" in answer.text) == (403, True)


def test_the_page_follows_the_vote_and_comes_anew_at_the_close(
    meeting: Meeting, secretary: User
) -> None:
    motion = make_vote_on(meeting, by=secretary)
    give(motion, meeting.attendees.order_by("pk").first(), "for", by=secretary)
    client = signed_in(secretary)
    assert "1 of 4 votes cast" in client.get(url(motion, "progress")).text
    assert "1 of 4 votes cast" in client.get(url(motion, "screen")).text
    services.close_vote(motion, by=secretary)
    assert client.get(url(motion, "progress")).headers["HX-Refresh"] == "true"
    assert "Carried" in client.get(url(motion, "screen")).text


def test_the_secretariat_is_reminded_of_a_vote_left_open(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    assert not [todo for todo in todos_of(secretary) if todo.url == url(motion)]
    Meeting.objects.update(state="closed", closed_at=clock.now())
    assert [todo for todo in todos_of(secretary) if todo.url == url(motion)]


def test_the_page_asks_as_much_for_thirty_units_as_for_four(
    meeting: Meeting, secretary: User
) -> None:
    motion = make_vote_on(meeting, by=secretary)
    client = signed_in(secretary)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url(motion, "roll"))
        return len(queries)

    client.get(url(motion, "roll"))
    before = asked()
    for _ in range(26):
        make_attendee(meeting)
    assert asked() == before


@pytest.mark.django_db(transaction=True)
def test_two_phones_of_one_unit_at_once_leave_one_vote(meeting: Meeting, secretary: User) -> None:
    motion = make_vote_on(meeting, by=secretary)
    attendee = meeting.attendees.order_by("pk").first()
    user, right = voter_of(attendee.organisation), right_of(motion, attendee)

    def vote(choice: str) -> None:
        services.cast(motion, right, choice, by=user)
        connections.close_all()

    with ThreadPoolExecutor(4) as phones:
        list(phones.map(vote, ["for", "against", "abstain", "for"]))
    assert motion.votes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_votes_that_race_the_close_are_counted_or_refused(
    meeting: Meeting, secretary: User
) -> None:
    """Whoever was told that the vote counts is in the result, and nobody else."""
    motion = make_vote_on(meeting, by=secretary)
    rights = policy.rights_for(motion)

    def vote(right: policy.Right) -> bool:
        try:
            services.cast(motion, right, "for", by=secretary)
        except services.VoteClosed:
            return False
        finally:
            connections.close_all()
        return True

    def close() -> None:
        services.close_vote(motion, by=secretary)
        connections.close_all()

    with ThreadPoolExecutor(5) as phones:
        first = phones.map(vote, rights[:2])
        closing = phones.submit(close)
        rest = phones.map(vote, rights[2:])
        told = [*first, *rest]
        closing.result()
    motion.refresh_from_db()
    assert motion.in_favour == sum(told) == motion.votes.count()
