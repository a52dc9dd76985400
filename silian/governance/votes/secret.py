"""A motion's secret ballot: what ``ballots`` needs to know of it, and what comes back."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.engines.tallying import Votes
from silian.governance.ballots import board
from silian.governance.ballots import services as ballots
from silian.governance.ballots.models import Poll
from silian.governance.council.policy import Elector, electorate
from silian.governance.motions.models import Motion
from silian.governance.votes import policy
from silian.governance.votes.policy import Right
from silian.kernel import clock
from silian.kernel.accounts.models import User


def open_poll(motion: Motion, *, by: User, closes_at: datetime) -> Poll:
    """Put ``motion`` on a paper of one question, and fix the roll: those present, or the organ."""
    option = (motion.title_zh, motion.title_en)
    asked = ballots.Asked(motion.title_zh, motion.title_en, [option])
    titles = {"title_zh": motion.title_zh, "title_en": motion.title_en}
    page = reverse("votes:vote", args=[motion.consortium, motion.pk])
    poll = ballots.prepare_poll(motion.consortium, questions=[asked], by=by, page=page, **titles)
    hours: dict[str, Any] = {"opens_at": clock.now(), "closes_at": closes_at}
    if motion.item is None:
        ballots.open_poll(
            poll, electors=electorate(motion.consortium, motion.organ), by=by, **hours
        )
        return poll
    rights = policy.rights_in(motion.item.meeting)
    proxies = {right.organisation.pk: _holder(right) for right in rights if right.by_proxy}
    electors = [_elector(right) for right in rights]
    ballots.open_poll(poll, electors=electors, proxies=proxies, by=by, **hours)
    return poll


def _elector(right: Right) -> Elector:
    user = None if right.by_proxy else right.user
    return Elector(right.organisation, user=user, votes=right.votes)


def _holder(right: Right) -> Elector:
    return Elector(right.holder, user=right.user)


def end_poll(poll: Poll, *, by: User | None = None) -> None:
    """Count now, also where there would have been time left; ``receivers`` then decides."""
    if by and not poll.is_over:
        why = gettext_noop("The chair has closed the vote.")
        ballots.reschedule(poll, closes_at=clock.now(), by=by, why=why)
    ballots.close_poll(poll, by=by)


def votes(poll: Poll) -> Votes:
    """What the published board says to the one question there was."""
    [tally] = board.counts(poll)
    [(_option, found)] = tally.options
    return found


def turnout(poll: Poll) -> tuple[int, int]:
    """Votes cast, and votes on the roll."""
    numbers = board.turnout(poll)
    return numbers.votes, numbers.eligible


def weighed(poll: Poll) -> bool:
    return poll.voters.filter(votes__gt=1).exists()


def unanswered(poll: Poll) -> list[Right]:
    """Who is on the roll and has not voted."""
    rows = poll.voters.filter(has_voted=False).select_related("organisation", "user")
    return [Right(row.organisation, row.organisation, row.votes, row.user) for row in rows]
