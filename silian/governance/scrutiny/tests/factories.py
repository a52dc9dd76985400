"""Elections that are voted on, counted and confirmed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from silian.governance.ballots import services as ballots
from silian.governance.ballots.models import Voter
from silian.governance.ballots.urn import new_code
from silian.governance.consortia.models import Consortium
from silian.governance.elections.models import Election
from silian.governance.elections.tests.factories import make_listed, secretary_of
from silian.governance.scrutiny import services
from silian.governance.scrutiny.models import Round, Scrutineer
from silian.governance.scrutiny.policy import last_round
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user


def make_voting(consortium: Consortium, **facts: Any) -> Election:
    election = make_listed(consortium, **facts)
    services.name_scrutineer(election, make_user(), by=secretary_of(consortium))
    hours = {"opens_at": clock.now(), "closes_at": clock.now() + timedelta(days=1)}
    services.open_voting(election, by=secretary_of(consortium), **hours)
    return election


def cast(found: Round, voter: Voter, favoured: Iterable[str]) -> None:
    """A ballot that favours the candidates of these names."""
    choices: dict[int, dict[int, str]] = {}
    for standing in found.standings.select_related("candidate"):
        if standing.candidate.person in set(favoured):
            choices.setdefault(standing.question, {})[standing.option] = "for"
    who = voter.user or voter.organisation.roles.all()[0].user
    codes = [new_code() for _ in range(voter.votes)]
    ballots.cast(found.poll, voter, choices=choices, codes=codes, by=who)


def hold(election: Election, papers: Iterable[Iterable[str]]) -> Round:
    """Everybody on the roll votes: ``papers`` says whom each favours; then the count is made."""
    found = last_round(election)
    assert found
    voters = found.poll.voters.select_related("organisation", "poll").order_by("pk")
    for voter, favoured in zip(voters, papers, strict=False):
        cast(found, voter, favoured)
    ballots.reschedule(
        found.poll, closes_at=clock.now(), by=secretary_of(election.consortium), why="x"
    )
    ballots.close_poll(found.poll, by=None)
    found.refresh_from_db()
    return found


def confirm(election: Election) -> None:
    """Every scrutineer confirms the count."""
    for scrutineer in Scrutineer.objects.filter(election=election):
        services.confirm(scrutineer, by=scrutineer.user)
    election.refresh_from_db()
