"""Putting a motion to the vote, each vote, and the close with its working."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.engines import tallying
from silian.engines.tallying import Votes
from silian.governance.ballots.services import void_poll
from silian.governance.charters.models import Charter
from silian.governance.charters.policy import charter_of
from silian.governance.charters.working import as_rule, stored
from silian.governance.council.policy import electorate
from silian.governance.motions import policy as motions
from silian.governance.motions.models import Motion
from silian.governance.motions.services import take_over
from silian.governance.roles.policy import people_of
from silian.governance.votes import policy, secret
from silian.governance.votes.counting import count, total
from silian.governance.votes.models import Vote
from silian.governance.votes.policy import Right
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State, Way = Motion.State, Motion.Way
REMINDERS = (timedelta(days=3), timedelta(days=1))  # before the deadline of a correspondence


class VoteClosed(IllegalMove):
    """The vote had been closed, or its deadline had passed, when this came."""


@transaction.atomic
def put_to_vote(
    motion: Motion, *, by: User, way: str = Way.EACH, closes_at: datetime | None = None
) -> None:
    """Open the vote; secretly where charter or motion say so, else openly in that ``way``."""
    held = _held(motion, State.PROPOSED)
    if not motions.may_put(by, held):
        raise IllegalMove(f"{motion}: something has to be settled first")
    facts: dict[str, Any] = {"opened_at": clock.now(), "charter": _charter(motion)}
    facts["closes_at"] = closes_at if motion.by_correspondence else None
    if motions.is_secret(motion):
        if closes_at is None:
            raise ValueError("a secret ballot has hours")
        poll = secret.open_poll(motion, by=by, closes_at=closes_at)
        move(motion, State.VOTING, by=by, way=Way.BALLOT, poll=poll, **facts)
    else:
        move(motion, State.VOTING, by=by, way=way, **facts)
        if motion.by_correspondence:
            _fix_roll(motion)
    message = gettext_noop("Please vote: %(motion)s")
    _tell_voters(motion, policy.rights_for(motion), message)


@transaction.atomic
def cast(motion: Motion, right: Right, choice: str, *, by: User, on_behalf: bool = False) -> Vote:
    """Cast or change the vote of one unit; ``on_behalf`` where the secretariat enters it.

    Raises VoteClosed where the close was faster; the vote then does not count.
    """
    if motion.closes_at and motion.closes_at <= clock.now():
        raise VoteClosed(f"{motion}: the deadline has passed")
    facts = {"choice": choice, "votes": right.votes, "by_secretariat": on_behalf}
    facts |= {"cast_by": by, "cast_at": clock.now()}
    facts["proxy"] = right.holder if right.by_proxy else None
    with while_open():
        vote, _new = Vote.objects.update_or_create(
            motion=motion, organisation=right.organisation, defaults=facts
        )
    record(vote, gettext_noop("Vote cast"), by=by, choice=choice, on_behalf=on_behalf)
    if motion.by_correspondence:
        transaction.on_commit(lambda: close_if_complete(motion))
    return vote


@transaction.atomic
def cast_all(
    motion: Motion, given: list[tuple[Right, str]], *, by: User, on_behalf: bool = False
) -> None:
    """Cast several votes, all or none."""
    for right, choice in given:
        cast(motion, right, choice, by=by, on_behalf=on_behalf)


@contextmanager
def while_open() -> Iterator[None]:
    """Where the vote was closed in between, the database refuses to take another."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != "a_closed_vote_stands":
            raise
        raise VoteClosed(str(error)) from error


@transaction.atomic
def close_vote(motion: Motion, *, by: User | None, hands: Votes | None = None) -> None:
    """Count, and measure by the charter; what came out stays with all that it came from.

    ``hands`` are the numbers of a show of hands; ValueError where they are more than present.
    """
    held = _held(motion, State.VOTING)
    found = count(held, hands)
    quorum, majority = as_rule(motions.rule_of(held))
    decision = tallying.decide(
        found.votes,
        present=found.present,
        eligible=max(found.eligible, found.present),
        quorum_share=quorum,
        majority=majority,
    )
    facts: dict[str, Any] = {"present": found.present, "eligible": decision.quorum.eligible}
    facts |= {"in_favour": found.votes.favour, "against": found.votes.against}
    facts |= {"abstaining": found.votes.abstain, "decided_at": clock.now()}
    kept = stored(decision) | {"weighed": found.weighed}
    state = State.CARRIED if decision.carried else State.LOST
    rights = policy.rights_for(held) if held.by_correspondence else []
    move(motion, state, by=by, decision=kept, **facts)
    if motion.amends and decision.carried:
        take_over(motion, by=by)
    _tell_result(motion, rights)


@transaction.atomic
def call_off(motion: Motion, *, by: User, why: str) -> None:
    """Break the vote off, as where it was opened by mistake: votes are void, it may come again."""
    _held(motion, State.VOTING)
    cast_so_far = motion.votes.exclude(choice="").count()
    motion.votes.all().delete()
    if motion.poll:
        void_poll(motion.poll, by=by, why=why)
    blank: dict[str, Any] = dict.fromkeys(["poll", "opened_at", "closes_at", "reminded_at"])
    move(motion, State.PROPOSED, by=by, why=why, way="", **blank)
    record(motion, gettext_noop("Vote called off"), by=by, void=cast_so_far)


def close_if_complete(motion: Motion) -> None:
    """End a vote by correspondence of which every answer is there."""
    found = Motion.objects.by_correspondence().being_voted().filter(pk=motion.pk).first()
    if found and _is_over(found, clock.now()):
        _close_quietly(found)


def keep_deadlines() -> None:
    """Close what is over by now, and remind those who have not answered."""
    now = clock.now()
    for motion in Motion.objects.by_correspondence().being_voted():
        if _is_over(motion, now):
            _close_quietly(motion)
        elif _reminder_is_due(motion, now):
            remind(motion)


@transaction.atomic
def remind(motion: Motion) -> None:
    """Tell those once more who have not answered yet."""
    now = clock.now()
    if not Motion.objects.filter(pk=motion.pk, reminded_at=motion.reminded_at).update(
        reminded_at=now
    ):
        return
    _tell_voters(motion, unanswered(motion), gettext_noop("Your vote is still missing: %(motion)s"))


def unanswered(motion: Motion) -> list[Right]:
    """The units on the roll of a vote by correspondence that have not voted."""
    if motion.poll:
        return secret.unanswered(motion.poll)
    voted = set(motion.votes.exclude(choice="").values_list("organisation", flat=True))
    return [right for right in policy.rights_for(motion) if right.organisation.pk not in voted]


def progress(motion: Motion) -> tuple[int, int]:
    """How many votes have been cast, and how many can be."""
    if motion.poll:
        return secret.turnout(motion.poll)
    return total(motion.votes.exclude(choice="")), sum(r.votes for r in policy.rights_for(motion))


def _held(motion: Motion, state: str) -> Motion:
    """The motion under a lock, in the state that this step begins from."""
    held = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
    if held.state != state:
        raise IllegalMove(f"{motion} has moved on")
    return held


def _charter(motion: Motion) -> Charter | None:
    """Whose rules count from now on."""
    if motion.item and motion.item.meeting.charter:
        return motion.item.meeting.charter
    return charter_of(motion.consortium) if motion.organ else None


def _fix_roll(motion: Motion) -> None:
    Vote.objects.bulk_create(
        Vote(motion=motion, organisation=one.organisation, user=one.user, votes=one.votes)
        for one in electorate(motion.consortium, motion.organ)
    )


def _is_over(motion: Motion, now: datetime) -> bool:
    """The deadline has passed, or every answer is there. Secret ballots close by themselves."""
    assert motion.closes_at
    if motion.poll:
        return False
    return motion.closes_at <= now or not motion.votes.filter(choice="").exists()


def _close_quietly(motion: Motion) -> None:
    """As the clock does; where somebody else was faster, it is done."""
    with suppress(IllegalMove):
        close_vote(motion, by=None)


def _reminder_is_due(motion: Motion, now: datetime) -> bool:
    """One reminder at each of REMINDERS, unless the vote was opened later than that."""
    assert motion.closes_at and motion.opened_at
    moments = (motion.closes_at - before for before in REMINDERS)
    told = motion.reminded_at or motion.opened_at
    return any(told < moment <= now for moment in moments)


def _tell_voters(motion: Motion, rights: list[Right], message: str) -> None:
    people = [
        person
        for right in rights
        for person in ([right.user] if right.user else people_of(right.holder))
    ]
    notify(people, message, motion=both(motion, "title"), url=page_of(motion))


def _tell_result(motion: Motion, rights: list[Right]) -> None:
    """Those who answered by correspondence, and the mover; in a meeting the others are there."""
    carried = motion.state == State.CARRIED
    message = (
        gettext_noop("The motion “%(motion)s” was carried.")
        if carried
        else gettext_noop("The motion “%(motion)s” was not carried.")
    )
    _tell_voters(motion, rights, message)
    if motion.mover and motion.item:
        people = people_of(motion.mover)
        notify(people, message, motion=both(motion, "title"), url=page_of(motion))


def page_of(motion: Motion) -> str:
    return reverse("votes:vote", args=[motion.consortium, motion.pk])
