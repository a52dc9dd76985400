"""Elections at every stage, taken there by the services that people use."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from silian.governance.ballots import services as ballots
from silian.governance.ballots.models import Voter
from silian.governance.ballots.urn import new_code
from silian.governance.charters.models import Charter, Post
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat
from silian.governance.elections import rounds, services
from silian.governance.elections.models import Candidate, Election, Race, Round, Scrutineer
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership, make_secretary, make_staff
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user


def make_charter(consortium: Consortium, **facts: Any) -> Charter:
    return Charter.objects.create(
        consortium=consortium, version=1, in_force_from=clock.today(), **facts
    )


def make_seats(consortium: Consortium, post: str, count: int = 1) -> list[Seat]:
    return [
        Seat.objects.create(consortium=consortium, post=post, number=number)
        for number in range(1, count + 1)
    ]


def make_members(consortium: Consortium, units: int) -> list[Organisation]:
    """Members, each with one person who acts for it."""
    found = [make_membership(consortium).organisation for _ in range(units)]
    for unit in found:
        make_staff(unit)
    return found


def secretary_of(consortium: Consortium) -> User:
    role = Role.objects.filter(consortium=consortium, kind="secretary").first()
    return role.user if role else make_secretary(consortium)


def make_election(
    consortium: Consortium, *, posts: Mapping[str, int] | None = None, **facts: Any
) -> Election:
    """Being prepared: the posts with their seats and a scrutineer."""
    if not consortium.charters.exists():
        make_charter(consortium)
    secretary = secretary_of(consortium)
    names = {"title_zh": "第一届理事会选举", "title_en": "Election of the first council"}
    election = services.save_election(
        Election(consortium=consortium, **(names | facts)), by=secretary
    )
    wanted = (posts or {Post.CHAIR: 1}).items()
    chosen = [(make_seats(consortium, post, seats), False) for post, seats in wanted]
    services.set_races(election, chosen, by=secretary)
    services.name_scrutineer(election, make_user(), by=secretary)
    return election


def make_nominating(consortium: Consortium, **facts: Any) -> Election:
    election = make_election(consortium, **facts)
    until = clock.now() + timedelta(days=7)
    services.open_nominations(election, until=until, by=secretary_of(consortium))
    return election


def make_candidate(
    race: Race, organisation: Organisation | None = None, *, person: str = "李青", **facts: Any
) -> Candidate:
    """Nominated by their own unit, which agrees with that."""
    unit = organisation or make_members(race.election.consortium, 1)[0]
    who = unit.roles.all()[0].user
    return services.nominate(
        race, organisation=unit, person=person, nominated_by=unit, by=who, **facts
    )


def end_nominations(election: Election) -> None:
    Election.objects.filter(pk=election.pk).update(nominations_until=clock.now())
    election.refresh_from_db()


def make_listed(
    consortium: Consortium, *, standing: Mapping[str, Iterable[str]] | None = None, **facts: Any
) -> Election:
    """Candidates are published; ``standing`` names who stands for each post."""
    election = make_nominating(consortium, **facts)
    secretary = secretary_of(consortium)
    for race in election.races.all():
        names = (standing or {}).get(race.post, [f"人{n}" for n in range(race.seats.count())])
        for person in names:
            services.admit(make_candidate(race, person=person), by=secretary)
    end_nominations(election)
    services.list_candidates(election, by=secretary)
    return election


def make_voting(consortium: Consortium, **facts: Any) -> Election:
    election = make_listed(consortium, **facts)
    hours = {"opens_at": clock.now(), "closes_at": clock.now() + timedelta(days=1)}
    rounds.open_voting(election, by=secretary_of(consortium), **hours)
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
    found = election.last_round
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
        rounds.confirm(scrutineer, by=scrutineer.user)
    election.refresh_from_db()
