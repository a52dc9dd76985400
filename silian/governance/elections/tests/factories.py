"""Elections at every stage, taken there by the services that people use."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from silian.governance.charters.models import Charter, Post
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat
from silian.governance.elections import services
from silian.governance.elections.models import Candidate, Election, Race
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership, make_secretary, make_staff
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User


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
    """Being prepared: the posts with their seats."""
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
