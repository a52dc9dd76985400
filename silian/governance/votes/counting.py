"""What was voted, and of how many, at the moment of the close."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from silian.engines import tallying
from silian.engines.tallying import Votes
from silian.governance.meetings import policy as meetings
from silian.governance.motions.models import Motion
from silian.governance.votes import secret
from silian.governance.votes.models import Vote


@dataclass(frozen=True)
class Count:
    """What a vote came to, and of how many."""

    votes: Votes
    present: int
    eligible: int
    weighed: bool = False


def count(motion: Motion, hands: Votes | None = None) -> Count:
    """The votes, and the numbers of those present and entitled at this moment."""
    if motion.item is None:
        return count_answers(motion)
    present, eligible = meetings.votes_present(motion.item.meeting)
    weighed = motion.item.meeting.attendees.filter(votes__gt=1).exists()
    if motion.poll:  # its roll is who was present when it opened
        return Count(secret.votes(motion.poll), secret.turnout(motion.poll)[1], eligible, weighed)
    if motion.way == Motion.Way.HANDS:
        if hands is None:
            raise ValueError("a show of hands is counted by somebody")
        return Count(hands, present, eligible, weighed)
    there = meetings.present_attendees(motion.item.meeting).filter(organisation__isnull=False)
    gone = motion.votes.exclude(organisation__in=there.values("organisation"))  # voted, then left
    return Count(open_votes(motion), present + total(gone), eligible, weighed)


def count_answers(motion: Motion) -> Count:
    """By correspondence whoever answers is present."""
    if motion.poll:
        answered, eligible = secret.turnout(motion.poll)
        return Count(secret.votes(motion.poll), answered, eligible, secret.weighed(motion.poll))
    votes = open_votes(motion)
    weighed = motion.votes.filter(votes__gt=1).exists()
    return Count(votes, votes.cast, total(motion.votes.all()), weighed)


def open_votes(motion: Motion) -> Votes:
    return tallying.count(motion.votes.exclude(choice="").values_list("choice", "votes"))


def total(votes: QuerySet[Vote]) -> int:
    return votes.aggregate(n=Coalesce(Sum("votes"), 0))["n"]  # type: ignore[no-any-return]
