"""Votes by correspondence: who is asked, reminders, the deadline, the quorum of answers."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.charters.models import Organ
from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.motions.models import Motion
from silian.governance.motions.tests.factories import make_letter, make_rule, voter_of
from silian.governance.votes import policy, services
from silian.governance.votes.tests.factories import make_open_letter
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    """Three members, and a charter under which the assembly decides by correspondence."""
    found = make_consortium()
    make_rule(found, correspondence=True, base="valid")
    for _ in range(3):
        make_staff(make_membership(found).organisation)
    return found


def units(consortium: Consortium) -> list[User]:
    return [voter_of(m.organisation) for m in consortium.memberships.order_by("pk")]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(motion: Motion, name: str = "vote") -> str:
    return reverse(f"votes:{name}", args=[motion.consortium, motion.pk])


def answer(motion: Motion, user: User, choice: str) -> None:
    [right] = policy.rights_of(user, motion)
    services.cast(motion, right, choice, by=user)


def later(settings: LazySettings, **delta: int) -> None:
    settings.CLOCK = (clock.now() + timedelta(**delta)).isoformat()


def test_it_is_begun_where_the_charter_allows_it_and_nowhere_else(consortium: Consortium) -> None:
    make_rule(consortium, matter="dissolution")
    secretary = make_secretary(consortium)
    address = reverse("motions:letter_new", args=[consortium])
    client = signed_in(secretary)
    assert "Dissolution" not in client.get(address).text
    typed = {"title_zh": "吸收新成员", "text_zh": "同意。", "asked": "assembly dissolution"}
    assert "Select a valid choice" in client.post(address, typed).text
    client.post(address, typed | {"asked": "assembly ordinary"})
    motion = Motion.objects.get()
    assert (motion.organ, motion.matter, motion.item) == ("assembly", "ordinary", None)
    assert signed_in(units(consortium)[0]).get(address).status_code == 403
    elsewhere = make_consortium()
    page = signed_in(make_secretary(elsewhere)).get(reverse("motions:letter_new", args=[elsewhere]))
    assert (page.status_code, "allows no vote" in page.text) == (403, True)
    with pytest.raises(services.IllegalMove):
        forbidden = make_letter(consortium, matter="dissolution", by=secretary)
        services.put_to_vote(forbidden, by=secretary, closes_at=clock.now() + timedelta(days=3))


def test_every_elector_is_asked_and_the_roll_is_fixed(consortium: Consortium) -> None:
    motion = make_letter(consortium)
    member = signed_in(units(consortium)[0])
    assert member.get(url(motion)).status_code == 404  # nobody was asked yet
    client = signed_in(make_secretary(consortium))
    soon = {"closes_at": clock.now().strftime("%Y-%m-%dT%H:%M")}
    assert "at least ten minutes" in client.post(url(motion, "put"), soon).text
    week = (clock.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    client.post(url(motion, "put"), {"closes_at": week})

    motion.refresh_from_db()
    assert (motion.state, motion.way, motion.votes.count()) == ("voting", "each", 3)
    asked = Notice.objects.filter(url=url(motion), message__startswith="Please vote")
    assert asked.count() == 3
    late = make_staff(make_membership(consortium).organisation)
    assert motion.votes.count() == 3
    assert "0 of 3 votes cast" in signed_in(late).get(url(motion)).text
    assert signed_in(late).post(url(motion, "cast"), {}).status_code == 403
    assert signed_in(make_user()).get(url(motion)).status_code == 404


def test_it_waits_in_the_todo_list_until_it_is_answered(consortium: Consortium) -> None:
    motion = make_open_letter(consortium)
    user = units(consortium)[0]
    [todo] = other_todos(user)
    assert (todo.url, todo.due) == (url(motion), motion.closes_at)
    page = signed_in(user)
    unit = consortium.memberships.order_by("pk").first().organisation_id
    page.post(url(motion, "cast"), {f"unit-{unit}": "for"})
    assert not other_todos(user)


def test_it_closes_when_everybody_has_answered(
    consortium: Consortium, django_capture_on_commit_callbacks: object
) -> None:
    motion = make_open_letter(consortium)
    with django_capture_on_commit_callbacks(execute=True):
        for user, choice in zip(units(consortium), ["for", "for", "against"], strict=True):
            motion.refresh_from_db()
            answer(motion, user, choice)
    motion.refresh_from_db()
    assert (motion.state, motion.in_favour, motion.present, motion.eligible) == ("carried", 2, 3, 3)
    result = Notice.objects.filter(message__contains="was carried")
    assert result.count() == 3
    page = signed_in(units(consortium)[0]).get(url(motion)).text
    assert "3 of 3 units present, quorum 2 (2/3 of 3): met" in page


def test_it_closes_at_the_deadline_with_the_quorum_of_answers(
    consortium: Consortium, settings: LazySettings
) -> None:
    motion = make_open_letter(consortium)
    secretary = make_secretary(consortium)
    first = units(consortium)[0]
    answer(motion, first, "for")
    closing = signed_in(secretary).post(url(motion, "close"))
    assert (closing.status_code, "until the deadline" in closing.text) == (403, True)
    services.keep_deadlines()
    motion.refresh_from_db()
    assert motion.state == "voting"

    later(settings, days=7, minutes=1)
    with pytest.raises(services.VoteClosed):
        answer(motion, units(consortium)[1], "for")
    services.keep_deadlines()
    services.keep_deadlines()

    motion.refresh_from_db()
    assert (motion.state, motion.present, motion.eligible) == ("lost", 1, 3)
    page = signed_in(first).get(url(motion)).text
    assert "1 vote was missing for a quorum" in page
    assert "did not answer" in page


def test_who_has_not_answered_is_reminded_twice_and_no_more(
    consortium: Consortium, settings: LazySettings
) -> None:
    motion = make_open_letter(consortium)
    answered, silent, _third = units(consortium)
    answer(motion, answered, "for")

    def reminders(user: User) -> int:
        services.keep_deadlines()
        services.keep_deadlines()
        return Notice.objects.filter(to=user, message__contains="still missing").count()

    assert reminders(silent) == 0
    later(settings, days=4, hours=1)
    assert reminders(silent) == 1
    later(settings, days=1)
    assert reminders(silent) == 1
    later(settings, days=1)
    assert (reminders(silent), reminders(answered)) == (2, 0)


def test_answers_on_paper_are_entered_by_the_secretariat(consortium: Consortium) -> None:
    motion = make_open_letter(consortium)
    unit = consortium.memberships.order_by("pk").first().organisation
    secretary = make_secretary(consortium)
    signed_in(secretary).post(url(motion, "roll"), {f"unit-{unit.pk}": "against"})
    vote = motion.votes.get(organisation=unit)
    assert (vote.choice, vote.by_secretariat, vote.cast_by) == ("against", True, secretary)


def test_the_list_shows_how_many_have_answered(consortium: Consortium) -> None:
    motion = make_open_letter(consortium, title_en="Admit two")
    answer(motion, units(consortium)[0], "for")
    index = reverse("votes:letter_index", args=[consortium])
    client = signed_in(units(consortium)[1])
    page = client.get(index, {"export": "csv"}).text
    assert "Admit two" in page
    assert str(Organ.ASSEMBLY.label) in page
    assert ",1,3," in page
    assert "Prepare a vote" not in client.get(index).text
    stranger = signed_in(make_staff(make_membership(make_consortium()).organisation))
    assert "Admit two" not in stranger.get(index).text

    def grow(rows: int) -> int:
        for _ in range(rows):
            make_open_letter(consortium)
        with CaptureQueriesContext(connection) as queries:
            client.get(index)
        return len(queries)

    client.get(index)
    assert grow(1) == grow(29)
