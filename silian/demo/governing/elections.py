"""The demo's elections: one that is over, one being voted on, one that collects nominations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from silian.demo.cast.founding import Founded
from silian.demo.cast.invention import Inventor
from silian.governance.ballots import services as ballots
from silian.governance.ballots.models import Poll, Question, Voter
from silian.governance.ballots.urn import new_code
from silian.governance.charters.models import Post
from silian.governance.council.models import Seat
from silian.governance.council.policy import vacant_seats
from silian.governance.elections.models import Candidate, Election, Race
from silian.governance.elections.services import (
    admit,
    list_candidates,
    nominate,
    open_nominations,
    save_election,
    set_races,
)
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.scrutiny import services as scrutiny
from silian.governance.scrutiny.models import Round
from silian.governance.scrutiny.policy import last_round
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.states import move

State = Election.State
STATEMENTS = [
    ("开放本单位的实训设备,每年接收学生实习和教师实践。", "We open our equipment to training."),
    ("推动课程与岗位标准对接,共同开发教学资源。", "We bring courses and job standards together."),
    ("组织工程师授课,联合开展技术攻关。", "Our engineers teach and work on shared problems."),
]


@dataclass
class Booth:
    """What the elections of one body are made with; names come from a source of their own."""

    body: Founded
    inventor: Inventor
    now: datetime
    secretary: User
    people: dict[int, User]  # who acts for a unit

    def others(self, seats: list[Seat], count: int) -> list[Organisation]:
        """Enterprises that hold none of ``seats``, the last that joined first."""
        holders = {term.organisation_id for seat in seats for term in seat.terms.all()}
        firms = [unit for unit in self.body.of_kind("enterprise") if unit.pk not in holders]
        return firms[-count:]


def add_elections(body: Founded, now: datetime) -> None:
    slug = body.consortium.slug
    stories = {
        "chongqing-bio": first_council,
        "mingshui": by_election,
        "wenzhou-bay": nominations,
    }
    if slug in stories:
        roles = Role.objects.filter(kind="manager", organisation__in=body.units)
        people = {role.organisation_id: role.user for role in roles.select_related("user")}
        secretary = User.objects.get(username=f"secretary.{slug}")
        kept = {unit: user for unit, user in people.items() if unit}
        stories[slug](Booth(body, Inventor(sum(map(ord, slug))), now, secretary, kept))


# --- the three stories ------------------------------------------------------------------


def first_council(booth: Booth) -> None:
    """On the day of the founding: leaders elected by all, one vice-chair in a second round."""
    posts = [Post.CHAIR, Post.EXECUTIVE_VICE_CHAIR, Post.VICE_CHAIR]
    seats = [list(booth.body.consortium.seats.filter(post=post)) for post in posts]
    election = prepared(booth, "第一届理事会负责人选举", "Election of the first council", seats)
    for race in election.races.all():
        for seat in race.seats.order_by("number"):
            term = seat.terms.select_related("organisation", "user").order_by("start")[0]
            stand(booth, race, term.organisation, term.person, term.user)
    for unit in booth.others(seats[2], 2):
        stand(booth, election.races.get(post=Post.VICE_CHAIR), unit, booth.inventor.person())
    listed(booth, election)
    vote(booth, election, day_of_founding(booth, 14), silent=2)
    vote(booth, election, day_of_founding(booth, 16), silent=1)
    move(election, State.PUBLISHED, by=booth.secretary, published_on=booth.body.day)
    Election.objects.filter(pk=election.pk).update(nominations_until=day_of_founding(booth, 9))
    Notice.objects.filter(url=election.get_absolute_url()).delete()  # of years ago


def by_election(booth: Booth) -> None:
    """A seat that stands empty; two thirds have voted, the accounts of the demo have not."""
    election = vacancy(booth, "增补理事选举", "By-election to the council")
    race = election.races.get()
    for unit in booth.others([], 3):
        stand(booth, race, unit, booth.inventor.person())
    listed(booth, election)
    hours = {"opens_at": booth.now - timedelta(days=2), "closes_at": booth.now + timedelta(days=5)}
    found = scrutiny.open_voting(election, by=booth.secretary, **hours)
    shown = [f"{name}.{booth.body.consortium.slug}" for name in ("enterprise", "school")]
    voters = found.poll.voters.exclude(organisation__roles__user__username__in=shown)
    cast_all(booth, found, voters.order_by("pk")[:40])


def nominations(booth: Booth) -> None:
    """Some are admitted, one awaits review, and one unit is asked whether it agrees."""
    election = vacancy(booth, "增补理事选举", "By-election to the council")
    race = election.races.get()
    first, second, third = booth.others([], 3)
    admit(stand(booth, race, first, booth.inventor.person()), by=booth.secretary)
    stand(booth, race, second, booth.inventor.person())
    nominate(
        race,
        organisation=third,
        person=booth.inventor.person(),
        nominated_by=first,
        by=booth.people[first.pk],
    )


# --- their parts ------------------------------------------------------------------------


def prepared(booth: Booth, zh: str, en: str, seats: list[list[Seat]]) -> Election:
    """Posts and scrutineers are there, and nominations open for another week."""
    election = Election(consortium=booth.body.consortium, title_zh=zh, title_en=en)
    save_election(election, by=booth.secretary)
    contested = [(found, found[0].post in (Post.VICE_CHAIR, Post.COUNCILLOR)) for found in seats]
    set_races(election, contested, by=booth.secretary)
    plain = booth.body.consortium.memberships.filter(grade=Membership.Grade.MEMBER)
    watching = [key for key in plain.values_list("organisation", flat=True) if key in booth.people]
    for key in watching[:2]:
        scrutiny.name_scrutineer(election, booth.people[key], by=booth.secretary)
    open_nominations(election, until=booth.now + timedelta(days=7), by=booth.secretary)
    return election


def vacancy(booth: Booth, zh: str, en: str) -> Election:
    return prepared(booth, zh, en, [list(vacant_seats(booth.body.consortium)[:1])])


def stand(
    booth: Booth, race: Race, unit: Organisation, person: str, user: User | None = None
) -> Candidate:
    """Nominated by their own unit, with something to say to the electors."""
    zh, en = STATEMENTS[race.candidates.count() % len(STATEMENTS)]
    texts = {"statement_zh": zh, "statement_en": en}
    by = booth.people[unit.pk]
    return nominate(
        race, organisation=unit, person=person, user=user, nominated_by=unit, by=by, **texts
    )


def listed(booth: Booth, election: Election) -> None:
    """Nominations are over, everybody is admitted, and the list is out."""
    for candidate in Candidate.objects.filter(race__election=election).order_by("pk"):
        admit(candidate, by=booth.secretary)
    Election.objects.filter(pk=election.pk).update(nominations_until=booth.now - timedelta(days=4))
    election.refresh_from_db()
    list_candidates(election, by=booth.secretary)


def day_of_founding(booth: Booth, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(booth.body.day, time(hour)))


def vote(booth: Booth, election: Election, at: datetime, *, silent: int) -> None:
    """One round from the first ballot to the confirmed count, held in the hour from ``at``."""
    hours = {"opens_at": booth.now, "closes_at": booth.now + timedelta(hours=1)}
    open_round = scrutiny.run_off if last_round(election) else scrutiny.open_voting
    found = open_round(election, by=booth.secretary, **hours)
    roll = list(found.poll.voters.order_by("pk"))
    cast_all(booth, found, roll[: len(roll) - silent])
    Poll.objects.filter(pk=found.poll_id).update(opens_at=at, closes_at=at + timedelta(hours=1))
    ballots.close_poll(found.poll, by=booth.secretary)
    for scrutineer in election.scrutineers.select_related("user"):
        scrutiny.confirm(scrutineer, by=scrutineer.user)
    election.refresh_from_db()


def cast_all(booth: Booth, found: Round, voters: Iterable[Voter]) -> None:
    """Each of ``voters`` hands in a paper of its own."""
    questions = list(found.poll.questions.all())
    standings = list(found.standings.order_by("candidate_id"))  # in the order of nomination
    places = {q.order: [s.option for s in standings if s.question == q.order] for q in questions}
    for number, voter in enumerate(voters):
        choices = {q.order: marks(number, places[q.order], q.kind, q.most) for q in questions}
        codes = [new_code() for _ in range(voter.votes)]
        by = voter.user or booth.people[voter.organisation_id]
        ballots.cast(found.poll, voter, choices=choices, codes=codes, by=by)


def marks(number: int, places: list[int], kind: str, most: int) -> dict[int, str]:
    """What the paper of that number says: nearly all agree, except where there is a choice."""
    if kind == Question.Kind.EACH:
        said = "against" if number % 11 == 4 else "abstain" if number % 13 == 6 else "for"
        return dict.fromkeys(places, said)
    if most == 1:
        chosen = [0 if number % 5 < 3 else 1 + number % (len(places) - 1)]
    else:
        chosen = [2 + number % 2] + [0] * (number % 6 > 0) + [1] * (number % 4 > 0)
    return {places[one]: "for" for one in chosen}
