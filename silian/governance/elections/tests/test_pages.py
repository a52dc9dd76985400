"""Elections until voting begins, as secretariats, units and the public meet them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.charters.models import Post
from silian.governance.consortia.models import Consortium
from silian.governance.council.tests.factories import make_term
from silian.governance.elections import policy
from silian.governance.elections.models import Candidate, Election
from silian.governance.elections.tests.factories import (
    end_nominations,
    make_candidate,
    make_charter,
    make_election,
    make_listed,
    make_members,
    make_nominating,
    make_seats,
    secretary_of,
)
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.search import services as search

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


def url(election: Election, name: str = "scrutiny:election", *more: object) -> str:
    name = name if ":" in name else f"elections:{name}"
    return reverse(name, args=[election.consortium, election.pk, *more])


def page_of(candidate: Candidate, verb: str) -> str:
    consortium = candidate.race.election.consortium
    return reverse("elections:candidate_act", args=[consortium, candidate.pk, verb])


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
    return [todo.label for todo in todos_of(user)]


# --- preparing --------------------------------------------------------------------------


def test_the_secretariat_prepares_an_election_from_the_seats_of_the_council(
    consortium: Consortium,
) -> None:
    make_charter(consortium)
    seats = make_seats(consortium, Post.VICE_CHAIR, 3) + make_seats(consortium, Post.CHAIR)
    client = signed_in(make_secretary(consortium))

    facts = {"title_zh": "换届选举", "organ": "assembly", "order": "draw"}
    client.post(reverse("elections:election_new", args=[consortium]), facts)
    election = Election.objects.get()
    page = client.get(url(election, "election_posts"))
    assert "Vice-chair 2: vacant" in page.text
    nothing = client.post(url(election, "election_posts"), {"contested_0": ""})
    assert "Choose a seat at least." in nothing.text
    posts = {"seats_0": [seats[3].pk], "seats_1": [seats[0].pk, seats[2].pk], "contested_1": "on"}
    client.post(url(election, "election_posts"), posts)

    chair, vice = election.races.order_by("pk")
    assert (chair.post, vice.post, vice.contested) == ("chair", "vice_chair", True)
    assert set(vice.seats.all()) == {seats[0], seats[2]}
    client.post(url(election, "nominations"), {"until": moment(5)})
    election.refresh_from_db()
    assert election.state == "nominating" and election.seed
    assert client.get(url(election, "election_edit")).status_code == 403


def test_without_a_charter_no_election_is_prepared(consortium: Consortium) -> None:
    client = signed_in(make_secretary(consortium))
    page = client.get(reverse("elections:election_new", args=[consortium]))
    assert page.status_code == 403 and "no charter yet" in page.text


def test_hours_in_the_past_are_refused_beside_their_field(consortium: Consortium) -> None:
    election = make_election(consortium)
    page = secretariat(election).post(url(election, "nominations"), {"until": moment(-1)})
    assert "This moment is in the past." in page.text


# --- candidates -------------------------------------------------------------------------


def test_a_unit_nominates_its_own_and_the_secretariat_admits(consortium: Consortium) -> None:
    election = make_nominating(consortium)
    unit, other = make_members(consortium, 2)
    client = signed_in(staff_of(unit))
    assert any("Nominate for" in label for label in waiting(staff_of(unit)))
    race = election.races.get()
    facts = {"race": race.pk, "organisation": unit.pk, "nominated_by": unit.pk}
    facts |= {"person": "李青", "job": "董事长", "statement_zh": "共建共享"}

    client.post(url(election, "nominate"), facts)

    candidate = Candidate.objects.get()
    assert (candidate.state, candidate.nominated_by) == ("accepted", unit)
    assert not any("Nominate for" in label for label in waiting(staff_of(unit)))
    assert any("Review candidates" in label for label in waiting(secretary_of(consortium)))
    assert signed_in(staff_of(other)).get(candidate.get_absolute_url()).status_code == 404
    secretariat(election).post(page_of(candidate, "admit"))
    candidate.refresh_from_db()
    assert candidate.state == "admitted"
    assert Notice.objects.filter(to=staff_of(unit), message__contains="stands").exists()


def test_a_unit_is_asked_about_its_candidate_and_may_decline(consortium: Consortium) -> None:
    election = make_nominating(consortium)
    unit, other = make_members(consortium, 2)
    race = election.races.get()
    facts = {"race": race.pk, "organisation": other.pk, "nominated_by": unit.pk, "person": "王海"}
    signed_in(staff_of(unit)).post(url(election, "nominate"), facts)
    candidate = Candidate.objects.get()
    assert candidate.state == "nominated"
    assert any("王海 stands" in label for label in waiting(staff_of(other)))
    assert signed_in(staff_of(unit)).post(page_of(candidate, "accept")).status_code == 403

    answer = signed_in(staff_of(other))
    assert "agree that this person stands" in answer.get(candidate.get_absolute_url()).text
    answer.post(page_of(candidate, "decline"), {"reason": "Too busy."})

    candidate.refresh_from_db()
    assert candidate.state == "declined"
    assert Notice.objects.filter(to=staff_of(unit), message__contains="declined").exists()


def test_what_is_wrong_with_a_nomination_is_said_beside_the_field(consortium: Consortium) -> None:
    election = make_nominating(consortium)
    race = election.races.get()
    race.seats.update(category="school")
    unit = make_members(consortium, 1)[0]
    facts = {"race": race.pk, "organisation": unit.pk, "nominated_by": unit.pk, "person": "李青"}
    client = signed_in(staff_of(unit))
    page = client.post(url(election, "nominate"), facts | {"account": "nobody"})
    assert "This post is kept for schools." in page.text and "李青" in page.text
    assert "Nobody with this user name" in page.text
    race.seats.update(category="any")
    make_candidate(race, unit)
    page = client.post(url(election, "nominate"), facts)
    assert "nominated for the post already" in page.text
    assert Candidate.objects.count() == 1


def test_a_refusal_says_why_and_can_be_reconsidered(consortium: Consortium) -> None:
    election = make_nominating(consortium)
    candidate = make_candidate(election.races.get())
    client = secretariat(election)
    client.post(page_of(candidate, "refuse"), {"reason": " "})
    candidate.refresh_from_db()
    assert candidate.state == "accepted"
    client.post(page_of(candidate, "refuse"), {"reason": "Not of a member's staff."})
    candidate.refresh_from_db()
    assert (candidate.state, candidate.reason) == ("refused", "Not of a member's staff.")
    unit = signed_in(staff_of(candidate.organisation))
    assert "Not of a member" in unit.get(candidate.get_absolute_url()).text
    client.post(page_of(candidate, "admit"))
    candidate.refresh_from_db()
    assert candidate.state == "admitted"


def test_what_the_charter_holds_against_somebody_asks_for_a_reason(consortium: Consortium) -> None:
    make_charter(consortium, term_limit=1)
    election = make_nominating(consortium)
    candidate = make_candidate(election.races.get())
    seat = candidate.race.seats.get()
    start = clock.today() - timedelta(days=900)
    make_term(seat, candidate.organisation, person=candidate.person, start=start)
    client = secretariat(election)

    assert "terms in a row" in client.get(candidate.get_absolute_url()).text
    client.post(page_of(candidate, "admit"), {"reason": ""})
    candidate.refresh_from_db()
    assert candidate.state == "accepted"
    client.post(page_of(candidate, "admit"), {"reason": "The assembly allowed it."})
    candidate.refresh_from_db()
    assert (candidate.state, candidate.reason) == ("admitted", "The assembly allowed it.")


def test_a_statement_is_written_by_the_unit_until_the_list_is_published(
    consortium: Consortium,
) -> None:
    election = make_nominating(consortium)
    candidate = make_candidate(election.races.get())
    unit = signed_in(staff_of(candidate.organisation))
    address = reverse("elections:candidate_statement", args=[consortium, candidate.pk])
    unit.post(address, {"job": "院长", "statement_zh": "**共建**", "statement_en": "**Together**"})
    secretariat(election).post(page_of(candidate, "admit"))
    assert Client().get(candidate.get_absolute_url()).status_code == 404
    end_nominations(election)
    secretariat(election).post(url(election, "list_candidates"))

    assert "<strong>Together</strong>" in Client().get(url(election, "candidate_index")).text
    assert unit.get(address).status_code == 403


def test_too_few_candidates_or_an_open_review_hold_the_list_back(consortium: Consortium) -> None:
    make_charter(consortium, extra_candidates_percent=50)
    election = make_nominating(consortium, posts={Post.VICE_CHAIR: 2})
    race = election.races.get()
    race.contested = True
    race.save()
    client = secretariat(election)
    for person in ("赵东", "钱南"):
        candidate = make_candidate(race, person=person)
        client.post(page_of(candidate, "admit"))
    assert "Nominations are still open" in client.get(url(election)).text
    end_nominations(election)
    assert "Vice-chair: 1 more must stand." in client.get(url(election)).text
    assert client.post(url(election, "list_candidates")).status_code == 403


def test_the_order_on_the_paper_is_drawn_from_the_published_seed(consortium: Consortium) -> None:
    from hashlib import sha256  # noqa: PLC0415

    names = [f"人{n}" for n in range(6)]
    standing = {Post.CHAIR: names}
    election = make_listed(consortium, standing=standing)

    def lot(candidate: Candidate) -> str:
        text = f"{election.seed}:{candidate.organisation.name_zh}:{candidate.person}"
        return sha256(text.encode()).hexdigest()

    placed = list(Candidate.objects.order_by("place"))
    assert placed == sorted(placed, key=lot)
    assert election.seed in Client().get(url(election)).text
    by_name = make_listed(
        make_consortium(), standing={Post.CHAIR: ["周七", "李四", "白二"]}, order="name"
    )
    found = Candidate.objects.filter(race__election=by_name).order_by("place")
    assert [candidate.person for candidate in found] == ["白二", "李四", "周七"]


def test_a_candidate_withdraws_before_voting_and_not_after(consortium: Consortium) -> None:
    make_listed(consortium, standing={Post.CHAIR: ["李青", "王海"]})
    candidate = Candidate.objects.get(person="王海")
    unit = signed_in(staff_of(candidate.organisation))
    unit.post(page_of(candidate, "withdraw"), {"reason": "Moves away."})
    candidate.refresh_from_db()
    assert candidate.state == "withdrawn"
    Election.objects.update(state="voting")
    other = signed_in(staff_of(Candidate.objects.get(person="李青").organisation))
    late = page_of(Candidate.objects.get(person="李青"), "withdraw")
    assert other.post(late, {"reason": "x"}).status_code == 403


def test_nominations_open_again_where_too_few_are_left(consortium: Consortium) -> None:
    election = make_listed(consortium)
    candidate = Candidate.objects.get()
    signed_in(staff_of(candidate.organisation)).post(
        page_of(candidate, "withdraw"), {"reason": "Ill."}
    )
    client = secretariat(election)
    assert "1 more must stand" in str(policy.is_complete(election).reason)
    seed = election.seed
    client.post(url(election, "nominations"), {"until": moment(3)})
    election.refresh_from_db()
    assert (election.state, election.seed) == ("nominating", seed)


# --- who sees what ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["scrutiny:election", "candidate_index", "scrutiny:result"])
def test_an_election_is_public_once_nominations_are_open(consortium: Consortium, name: str) -> None:
    prepared, announced = make_election(consortium), make_nominating(make_consortium())
    stranger = signed_in(make_staff(make_organisation()))
    elsewhere = signed_in(make_secretary(make_consortium()))
    for reader in (Client(), stranger, elsewhere):
        assert reader.get(url(prepared, name)).status_code == 404
        assert reader.get(url(announced, name)).status_code == 200
    assert secretariat(prepared).get(url(prepared, name)).status_code == 200
    announced.consortium = make_consortium()
    assert Client().get(url(announced, name)).status_code == 404


def test_only_the_secretariat_conducts(consortium: Consortium) -> None:
    election = make_nominating(consortium)
    candidate = make_candidate(election.races.get())
    member = signed_in(make_staff(make_members(consortium, 1)[0]))
    assert member.post(url(election, "list_candidates")).status_code == 403
    for name in ("election_posts", "nominations", "election_edit"):
        assert member.get(url(election, name)).status_code == 403
    assert member.post(page_of(candidate, "admit")).status_code == 404
    stranger = signed_in(make_user())
    assert stranger.get(url(election, "nominate")).status_code == 403
    assert secretariat(election).post(page_of(candidate, "bless")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_elections_are_found_by_who_stands(consortium: Consortium) -> None:
    election = make_listed(consortium, standing={Post.CHAIR: ["欧阳青禾"]})
    found = search.find(make_user(), "欧阳青禾")
    assert election.get_absolute_url() in [hit.url for hit in found]


@pytest.mark.parametrize("reader", ["public", "secretary"])
def test_the_list_takes_the_same_number_of_queries_however_long(
    consortium: Consortium, reader: str
) -> None:
    make_election(consortium, posts={Post.CHAIR: 1})
    charter = consortium.charters.get()

    def more(count: int) -> None:
        Election.objects.bulk_create(
            Election(
                consortium=consortium,
                charter=charter,
                title_zh=f"选举{n}",
                state="published",
                seed="s",
                nominations_until=clock.now(),
                published_on=clock.today(),
            )
            for n in range(count)
        )

    client = Client() if reader == "public" else signed_in(secretary_of(consortium))
    address = reverse("elections:election_index", args=[consortium])
    client.get(address)  # what is asked once for all is asked here
    queries = []
    for count in (1, 29):
        more(count)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        queries.append(len(captured))
    assert queries[0] == queries[1]


def test_a_page_takes_the_same_number_of_queries_however_many_stand(
    consortium: Consortium,
) -> None:
    few = make_listed(consortium, standing={Post.CHAIR: ["李青"]})
    many = make_listed(make_consortium(), standing={Post.CHAIR: [f"人{n}" for n in range(30)]})
    queries = []
    for election in (few, many):
        for name in ("scrutiny:election", "candidate_index"):
            with CaptureQueriesContext(connection) as captured:
                Client().get(url(election, name))
            queries.append(len(captured))
    assert queries[:2] == queries[2:]
