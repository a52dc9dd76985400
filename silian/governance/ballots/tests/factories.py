"""Polls at every stage, and units that vote in them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from silian.governance.ballots.models import Poll, Voter
from silian.governance.ballots.services import (
    Asked,
    Receipt,
    cast,
    close_poll,
    open_poll,
    prepare_poll,
)
from silian.governance.ballots.urn import new_code
from silian.governance.consortia.models import Consortium
from silian.governance.council.policy import Elector
from silian.governance.members.tests.factories import make_membership, make_secretary, make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User

CHAIR = Asked("理事长", "Chair", [("李青", "Li Qing"), ("王海", "Wang Hai")], most=1)
VICE = Asked(
    "副理事长",
    "Vice-chairs",
    [("赵东", "Zhao Dong"), ("钱南", "Qian Nan"), ("孙西", "Sun Xi")],
    kind="choose",
    most=2,
)


def make_electors(consortium: Consortium, units: int, *, votes: int = 1) -> list[Elector]:
    """Member units, each with one person who acts for it."""
    found = []
    for _ in range(units):
        unit = make_membership(consortium).organisation
        make_staff(unit)
        found.append(Elector(unit, votes=votes))
    return found


def make_poll(
    consortium: Consortium, *, questions: Iterable[Asked] = (CHAIR, VICE), by: User | None = None
) -> Poll:
    return prepare_poll(
        consortium,
        title_zh="第一届理事会选举",
        title_en="Election of the first council",
        questions=questions,
        by=by or make_secretary(consortium),
    )


def make_open_poll(
    consortium: Consortium, *, electors: list[Elector] | None = None, units: int = 3, **facts: Any
) -> Poll:
    secretary = make_secretary(consortium)
    poll = make_poll(consortium, by=secretary)
    hours = {
        "opens_at": clock.now() - timedelta(hours=1),
        "closes_at": clock.now() + timedelta(hours=1),
    }
    who = make_electors(consortium, units) if electors is None else electors
    open_poll(poll, electors=who, by=secretary, **(hours | facts))
    return poll


def person_of(voter: Voter) -> User:
    return voter.user or voter.organisation.roles.all()[0].user


def vote(
    voter: Voter, choices: dict[int, dict[int, str]] | None = None, codes: list[str] | None = None
) -> Receipt:
    return cast(
        voter.poll,
        voter,
        choices={1: {1: "for"}, 2: {1: "for", 3: "for"}} if choices is None else choices,
        codes=codes or [new_code() for _ in range(voter.votes)],
        by=person_of(voter),
    )


def make_closed_poll(consortium: Consortium, *, units: int = 3, **facts: Any) -> Poll:
    """Everybody has voted and the board is published."""
    poll = make_open_poll(consortium, units=units, **facts)
    for voter in poll.voters.select_related("organisation", "poll"):
        vote(voter)
    close_poll(poll, by=None)
    return poll
