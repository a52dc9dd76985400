"""An election up to the list of candidates: posts, scrutineers, nominations, review."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.charters.policy import charter_of
from silian.governance.council.models import Seat
from silian.governance.elections import policy
from silian.governance.elections.models import Candidate, Election, Race
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import acts_for, people_of, secretaries_of
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Election.State


# --- preparing --------------------------------------------------------------------------


@transaction.atomic
def save_election(election: Election, *, by: User) -> Election:
    """Keep a new election, which takes the charter in force, or the changed data of one."""
    new = election.pk is None
    if new:
        charter = charter_of(election.consortium)
        if charter is None:
            raise IllegalMove("no charter is in force")
        election.charter = charter
    election.save()
    record(election, gettext_noop("Added") if new else gettext_noop("Data changed"), by=by)
    return election


@transaction.atomic
def set_races(election: Election, posts: Sequence[tuple[list[Seat], bool]], *, by: User) -> None:
    """Fill these seats and no others: each list is of one post kept for one kind of unit.

    With each, whether more candidates than seats must stand.
    """
    _only(election, State.PREPARED)
    election.races.all().delete()
    for seats, contested in posts:
        kept = {"post": seats[0].post, "category": seats[0].category}
        race = Race.objects.create(election=election, contested=contested, **kept)
        race.seats.set(seats)
    names = [str(seat) for seats, _contested in posts for seat in seats]
    record(election, gettext_noop("Posts chosen"), by=by, seats=names)


@transaction.atomic
def open_nominations(election: Election, *, until: datetime, by: User, why: str = "") -> None:
    """Members may nominate; the seed of the draw is published before anybody is nominated."""
    facts: dict[str, Any] = {"nominations_until": until}
    if election.state == State.LISTED:
        Candidate.objects.filter(race__election=election).update(place=None)
    else:
        facts["seed"] = secrets.token_hex(16)
    move(election, State.NOMINATING, by=by, why=why, **facts)
    tell_members(election, gettext_noop("Nominations are open: %(election)s."))


def tell_members(election: Election, message: str, **words: Any) -> None:
    """Everybody who acts for a member learns of it."""
    people = policy.people_of_members(election.consortium)
    url = election.get_absolute_url()
    notify(people, message, url=url, election=both(election, "title"), **words)


def _only(election: Election, *states: str) -> None:
    """Hold the election, and refuse where it has left these states."""
    now = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if now.state not in states:
        raise IllegalMove(f"{election.pk} is {now.state}")


# --- nominations ------------------------------------------------------------------------


@transaction.atomic
def nominate(  # noqa: PLR0913  who, for whom, by whom, and what they say
    race: Race,
    *,
    organisation: Organisation,
    person: str,
    by: User,
    nominated_by: Organisation | None = None,
    job: str = "",
    user: User | None = None,
    statement_zh: str = "",
    statement_en: str = "",
) -> Candidate:
    """Propose somebody of ``organisation``; who acts for that unit agrees with the same act."""
    _only(race.election, State.NOMINATING)
    candidate = Candidate.objects.create(
        race=race,
        organisation=organisation,
        person=person,
        job=job,
        user=user,
        statement_zh=statement_zh,
        statement_en=statement_en,
        nominated_by=nominated_by,
    )
    record(candidate, gettext_noop("Nominated"), by=by, post=str(race))
    if acts_for(by, organisation):
        accept(candidate, by=by)
    else:
        message = gettext_noop("%(person)s is nominated for an election. Does your unit agree?")
        notify(people_of(organisation), message, url=candidate.get_absolute_url(), person=person)
    return candidate


def _url(candidate: Candidate) -> str:
    return f"{candidate.race.election.get_absolute_url()}candidates/{candidate.pk}/"


@transaction.atomic
def accept(candidate: Candidate, *, by: User) -> None:
    """The candidate's unit agrees."""
    move(candidate, Candidate.State.ACCEPTED, by=by)
    message = gettext_noop("A candidature awaits review: %(person)s.")
    secretaries = secretaries_of(candidate.race.election.consortium)
    notify(secretaries, message, url=candidate.get_absolute_url(), person=str(candidate))


@transaction.atomic
def decline(candidate: Candidate, *, by: User, why: str) -> None:
    move(candidate, Candidate.State.DECLINED, by=by, why=why)
    _tell_sides(candidate, gettext_noop("%(person)s does not stand: the unit declined."))


@transaction.atomic
def withdraw(candidate: Candidate, *, by: User, why: str) -> None:
    """The candidate stands no more; the places of the others on the paper stay."""
    move(candidate, Candidate.State.WITHDRAWN, by=by, why=why, place=None)
    _tell_sides(candidate, gettext_noop("%(person)s has withdrawn from an election."))


def _tell_sides(candidate: Candidate, message: str) -> None:
    people = list(secretaries_of(candidate.race.election.consortium))
    if candidate.nominated_by:
        people += people_of(candidate.nominated_by)
    notify(people, message, url=candidate.get_absolute_url(), person=str(candidate))


@transaction.atomic
def save_statement(
    candidate: Candidate, *, job: str, statement_zh: str, statement_en: str, by: User
) -> None:
    """What the candidate says to the electors."""
    _only(candidate.race.election, State.NOMINATING)
    candidate.job = job
    candidate.statement_zh, candidate.statement_en = statement_zh, statement_en
    candidate.save(update_fields=["job", "statement_zh", "statement_en"])
    record(candidate, gettext_noop("Data changed"), by=by)


# --- review -----------------------------------------------------------------------------


@transaction.atomic
def admit(candidate: Candidate, *, by: User, why: str = "") -> None:
    """They may stand. ``why`` answers what speaks against it, where something does."""
    move(candidate, Candidate.State.ADMITTED, by=by, why=why, reason=why[:300])
    _tell_unit(candidate, gettext_noop("%(person)s stands for election."))


@transaction.atomic
def refuse(candidate: Candidate, *, by: User, why: str) -> None:
    """They may not stand; the unit learns why."""
    move(candidate, Candidate.State.REFUSED, by=by, why=why, reason=why[:300])
    _tell_unit(candidate, gettext_noop("%(person)s was not admitted to an election."))


def _tell_unit(candidate: Candidate, message: str) -> None:
    people = list(people_of(candidate.organisation))
    if candidate.nominated_by:
        people += people_of(candidate.nominated_by)
    notify(people, message, url=candidate.get_absolute_url(), person=str(candidate))


@transaction.atomic
def list_candidates(election: Election, *, by: User) -> None:
    """Publish who stands, in the order in which they will stand on the paper."""
    _only(election, State.NOMINATING)
    for race in election.races.all():
        standing = race.candidates.filter(state=Candidate.State.ADMITTED)
        ordered = sorted(standing.select_related("organisation"), key=_key(election))
        for place, candidate in enumerate(ordered, start=1):
            candidate.place = place
        Candidate.objects.bulk_update(ordered, ["place"])
    move(election, State.LISTED, by=by)
    tell_members(election, gettext_noop("The candidates are published: %(election)s."))


def _key(election: Election) -> Any:
    """The draw: SHA-256 of "seed:unit:person". By pinyin: the order of the GB 2312 code table."""

    def drawn(candidate: Candidate) -> str:
        text = f"{election.seed}:{candidate.organisation.name_zh}:{candidate.person}"
        return sha256(text.encode()).hexdigest()

    def by_name(candidate: Candidate) -> bytes:
        return candidate.person.encode("gb18030")

    return drawn if election.order == Election.Order.DRAW else by_name
