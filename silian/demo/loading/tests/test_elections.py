"""The demo's elections: over, running and beginning, as the council's terms of office tell."""

import pytest
from django.test import Client

from silian.governance.ballots import policy as ballots
from silian.governance.ballots.board import turnout
from silian.governance.council.models import Term
from silian.governance.elections.models import Election
from silian.governance.scrutiny import counting
from silian.governance.scrutiny.policy import last_round
from silian.kernel.accounts.models import User

pytestmark = pytest.mark.django_db
BODIES = ["mingshui", "wenzhou-bay", "chongqing-bio"]


def election_of(slug: str) -> Election:
    return Election.objects.get(consortium__slug=slug)


def test_the_first_council_was_elected_in_two_rounds_and_holds_office() -> None:
    election = election_of("chongqing-bio")
    assert election.state == "published" and election.rounds.count() == 2
    elected = {(one.race.post, one.organisation_id) for one in counting.winners(election)}
    held = Term.objects.filter(seat__races__election=election, start=election.published_on)
    assert elected == {(term.seat.post, term.organisation_id) for term in held}
    assert len(elected) == 6
    board = f"/chongqing-bio/ballots/{last_round(election).poll_id}/board/"
    assert Client().get(board).status_code == 200


def test_the_accounts_of_the_demo_can_vote_in_the_by_election() -> None:
    election = election_of("mingshui")
    poll = last_round(election).poll
    assert turnout(poll).voted == 40
    for name in ("enterprise.mingshui", "school.mingshui"):
        assert ballots.may_vote(User.objects.get(username=name), poll)


def test_nominations_are_at_every_stage() -> None:
    election = election_of("wenzhou-bay")
    assert election.takes_nominations
    states = election.races.get().candidates.values_list("state", flat=True)
    assert sorted(states) == ["accepted", "admitted", "nominated"]
