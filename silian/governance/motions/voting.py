"""How a motion is voted on: put to the vote, each vote, the close with its working."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from silian.engines import tallying
from silian.engines.tallying import Votes
from silian.governance.charters.policy import charter_of
from silian.governance.charters.working import as_rule, stored
from silian.governance.council.policy import electorate
from silian.governance.meetings import policy as meetings
from silian.governance.motions import policy, secret
from silian.governance.motions.models import Motion, Vote
from silian.governance.motions.policy import Right
from silian.governance.motions.services import take_over
from silian.governance.roles.policy import people_of
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


@dataclass(frozen=True)
class Count:
    """What a vote came to, and of how many."""

    votes: Votes
    present: int
    eligible: int
    weighed: bool = False


@transaction.atomic
def put_to_vote(
    motion: Motion, *, by: User, way: str = Way.EACH, closes_at: datetime | None = None
) -> None:
    """Open the vote; secretly where charter or motion say so, else openly in that ``way``."""
    held = _held(motion, State.PROPOSED)
    if not policy.may_put(by, held):
        raise IllegalMove(f"{motion}: something has to be settled first")
    facts = {"opened_at": clock.now(), "closes_at": closes_at, "charter": _charter(motion)}
    if policy.is_secret(motion):
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

    ``hands`` are the numbers of a show of hands. Raises ValueError where they are more than present.
    """
    held = _held(motion, State.VOTING)
    count = _count(held, hands)
    quorum, majority = as_rule(policy.rule_of(held))
    decision = tallying.decide(
        count.votes,
        present=count.present,
        eligible=max(count.eligible, count.present),
        quorum_share=quorum,
        majority=majority,
    )
    facts = {"present": count.present, "eligible": decision.quorum.eligible}
    facts |= {"in_favour": count.votes.favour, "against": count.votes.against}
    facts |= {"abstaining": count.votes.abstain, "decided_at": clock.now()}
    kept = stored(decision) | {"weighed": count.weighed}
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
        secret.void_poll(motion.poll, by=by, why=why)
    blank = {"way": "", "poll": None, "opened_at": None, "closes_at": None, "reminded_at": None}
    move(motion, State.PROPOSED, by=by, why=why, **blank)
    record(motion, gettext_noop("Vote called off"), by=by, why=why, votes=cast_so_far)


def close_if_complete(motion: Motion) -> None:
    """End a vote by correspondence of which every answer is there."""
    found = Motion.objects.by_correspondence().being_voted().filter(pk=motion.pk).first()
    if found and _complete(found):
        _close_quietly(found)


def keep_deadlines() -> None:
    """Close what is over by now, and remind those who have not answered."""
    now = clock.now()
    for motion in Motion.objects.by_correspondence().being_voted():
        if motion.closes_at and motion.closes_at <= now or _complete(motion):
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
    return _sum(motion.votes.exclude(choice="")), sum(r.votes for r in policy.rights_for(motion))
