"""The voting of an election as secretariats, electors, scrutineers and the public meet it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from silian.governance.charters.models import Post
from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Term
from silian.governance.elections.models import Candidate, Election
from silian.governance.elections.tests.factories import (
    make_election,
    make_listed,
    make_members,
    make_nominating,
    secretary_of,
)
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_consortium, make_staff
from silian.governance.scrutiny import services
from silian.governance.scrutiny.models import Scrutineer
from silian.governance.scrutiny.policy import last_round
from silian.governance.scrutiny.tests.factories import cast, confirm, hold, make_voting
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


def url(election: Election, name: str = "election", *more: object) -> str:
    return reverse(f"scrutiny:{name}", args=[election.consortium, election.pk, *more])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def secretariat(election: Election) -> Client:
    return signed_in(secretary_of(election.consortium))


def staff_of(unit: Organisation) -> User:
    return unit.roles.all()[0].user


def moment(days: float) -> str:
    return f"{clock.now() + timedelta(days=days, hours=8):%Y-%m-%dT%H:%M}"


def waiting(user: User) -> list[str]:
    return [todo.label for todo in other_todos(user)]


def test_scrutineers_are_named_and_relieved_with_a_reason(consortium: Consortium) -> None:
    election = make_election(consortium)
    watcher = make_staff(make_members(consortium, 1)[0])
    client = secretariat(election)
    client.post(url(election, "scrutineers"), {"user": watcher.pk})
    assert Notice.objects.filter(to=watcher, message__contains="scrutineer").exists()
    found = Scrutineer.objects.get()
    client.post(url(election, "scrutineer_relieve", found.pk), {"reason": " "})
    assert Scrutineer.objects.exists()
    client.post(url(election, "scrutineer_relieve", found.pk), {"reason": "Stands herself."})
    assert not Scrutineer.objects.exists()


def test_nobody_counts_where_they_stand_themselves(consortium: Consortium) -> None:
    election = make_listed(consortium)
    client = secretariat(election)
    assert "Name the scrutineers first." in client.get(url(election)).text
    candidate = Candidate.objects.get()
    services.name_scrutineer(
        election, staff_of(candidate.organisation), by=secretary_of(consortium)
    )
    assert client.get(url(election, "voting")).status_code == 200
    Candidate.objects.update(user=staff_of(candidate.organisation))
    assert "cannot be a scrutineer" in client.get(url(election)).text
    assert client.get(url(election, "voting")).status_code == 403


def test_voting_ends_after_it_begins(consortium: Consortium) -> None:
    listed = make_listed(consortium)
    services.name_scrutineer(listed, make_user(), by=secretary_of(consortium))
    hours = {"opens_at": moment(2), "closes_at": moment(1)}
    page = secretariat(listed).post(url(listed, "voting"), hours)
    assert "Voting ends after it begins." in page.text
    listed.refresh_from_db()
    assert listed.state == "listed"


def test_the_roles_find_their_next_step_until_the_result_is_published(
    consortium: Consortium,
) -> None:
    election = make_listed(consortium, standing={Post.CHAIR: ["李青"]})
    secretary, watcher = secretary_of(consortium), make_user()
    services.name_scrutineer(election, watcher, by=secretary)
    client = secretariat(election)
    elector = staff_of(Candidate.objects.get().organisation)
    assert any("Open voting" in label for label in waiting(secretary))
    client.post(url(election, "voting"), {"opens_at": moment(-0.01), "closes_at": moment(1)})
    election.refresh_from_db()
    assert election.state == "voting"
    assert any("Vote:" in label for label in waiting(elector))
    assert "Vote</a>" in signed_in(elector).get(url(election)).text
    assert "Not everybody has voted" in client.get(url(election)).text

    put_off = {"closes_at": moment(0.5), "why": "Rain."}
    assert "can only be put off" in client.post(url(election, "extend"), put_off).text
    client.post(url(election, "extend"), put_off | {"closes_at": moment(2)})
    hold(election, [["李青"]])
    assert any("Confirm the count" in label for label in waiting(watcher))
    assert client.post(url(election, "act", "confirm")).status_code == 403
    assert client.post(url(election, "act", "publish")).status_code == 403
    signed_in(watcher).post(url(election, "act", "confirm"))
    assert any("Publish the result" in label for label in waiting(secretary))
    client.post(url(election, "act", "publish"))

    election.refresh_from_db()
    assert election.state == "published" and election.published_on == clock.today()
    assert Term.objects.running().get().person == "李青"
    assert Notice.objects.filter(to=elector, message__contains="result is published").exists()
    page = Client().get(url(election, "result"))
    assert "1 of 1 units present, quorum 1 (2/3 of 1): met" in page.text
    assert "more than 1/2 of 1 present: 1 votes needed" in page.text
    assert "李青" in page.text and "elected" in page.text


def test_closing_and_counting_is_one_step(consortium: Consortium) -> None:
    election = make_voting(consortium, standing={Post.CHAIR: ["李青"]})
    client = secretariat(election)
    assert client.post(url(election, "act", "count")).status_code == 403
    voter = last_round(election).poll.voters.select_related("organisation", "poll").get()
    cast(last_round(election), voter, ["李青"])
    client.post(url(election, "act", "count"))
    assert last_round(election).result["1"]["elected"] == ["1"]


def test_an_objection_is_given_with_a_reason(consortium: Consortium) -> None:
    election = make_voting(consortium, standing={Post.CHAIR: ["李青"]})
    hold(election, [["李青"]])
    watcher = signed_in(Scrutineer.objects.get().user)
    watcher.post(url(election, "act", "object"), {"reason": ""})
    assert not last_round(election).confirmations.exists()
    watcher.post(url(election, "act", "object"), {"reason": "One slip is missing."})
    assert last_round(election).confirmations.get().objection == "One slip is missing."
    assert "A scrutineer objects" in Client().get(url(election)).text


def test_a_seat_that_cannot_be_taken_is_said_and_nothing_is_published(
    consortium: Consortium,
) -> None:
    election = make_voting(consortium, standing={Post.CHAIR: ["李青"]})
    make_members(consortium, 1)
    hold(election, [["李青"]])
    confirm(election)
    Candidate.objects.get().organisation.memberships.update(state="suspended")
    page = secretariat(election).post(url(election, "act", "publish"), follow=True)
    assert "is no current member" in page.text
    election.refresh_from_db()
    assert election.state == "decided"


def test_another_round_is_opened_by_the_page(consortium: Consortium) -> None:
    make_members(consortium, 3)
    election = make_voting(consortium, standing={Post.CHAIR: ["李青"]})
    hold(election, [[]] * 3)
    client = secretariat(election)
    assert client.get(url(election, "voting")).status_code == 403
    confirm(election)
    assert "1 seat is left" in client.get(url(election)).text
    client.post(url(election, "voting"), {"opens_at": moment(-0.01), "closes_at": moment(1)})
    assert election.rounds.count() == 2
    result = Client().get(url(election, "result"))
    assert "1 seat was left open by this round." in result.text
    file = Client().get(url(election, "round_file", 1))
    assert file.json()["election"]["1"]["elected"] == []
    assert Client().get(url(election, "round_file", 2)).status_code == 404


@pytest.mark.parametrize("name", ["election", "result"])
def test_who_sees_and_who_conducts(consortium: Consortium, name: str) -> None:
    election = make_voting(consortium)
    member = signed_in(make_staff(make_members(consortium, 1)[0]))
    stranger = signed_in(make_user())
    for reader in (Client(), stranger, member, secretariat(election)):
        assert reader.get(url(election, name)).status_code == 200
    for outside in (stranger, member):
        for verb in ("count", "confirm", "object", "end", "publish", "abandon"):
            answer = outside.post(url(election, "act", verb), {"reason": "x"})
            assert answer.status_code == 403
        for page in ("scrutineers", "voting", "extend"):
            assert outside.get(url(election, page)).status_code == 403
    assert secretariat(election).post(url(election, "act", "bless")).status_code == 404


def test_an_abandoned_election_is_the_secretariat_s_alone(consortium: Consortium) -> None:
    election = make_nominating(consortium)
    client = secretariat(election)
    client.post(url(election, "act", "abandon"), {"reason": ""})
    election.refresh_from_db()
    assert election.state == "nominating"
    client.post(url(election, "act", "abandon"), {"reason": "No quorum is in sight."})
    assert Client().get(url(election)).status_code == 404
    assert "was abandoned" in client.get(url(election)).text
