"""Who may vote on a motion, for which units, and who opens and closes the vote."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.engines.tallying import Quorum, quorum
from silian.governance.meetings import policy as meetings
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.members.models import Organisation
from silian.governance.motions.models import Motion
from silian.governance.motions.policy import leads, rule_of, visible_motions
from silian.governance.roles.policy import Viewer, acts_for
from silian.governance.votes.models import Vote
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Motion.State


@dataclass(frozen=True)
class Right:
    """One unit's right to vote: ``holder`` is the unit itself, or the one that has its proxy.

    ``user`` is the person who alone may use it, where one is named.
    """

    organisation: Organisation
    holder: Organisation
    votes: int = 1
    user: User | None = None

    def is_of(self, user: Viewer) -> bool:
        if self.user:
            return self.user.pk == user.pk
        return acts_for(user, self.holder)

    @property
    def by_proxy(self) -> bool:
        return self.organisation != self.holder


def rights_in(meeting: Meeting) -> list[Right]:
    """The votes that can be cast now: of units present, and of those that gave these a proxy."""
    rows = meetings.present_attendees(meeting).filter(organisation__isnull=False)
    joined = rows.select_related("organisation", "user", "proxy__organisation", "proxy__user")
    return [_right(row) for row in joined]


def _right(row: Attendee) -> Right:
    holder = row if row.is_here or not row.proxy else row.proxy
    assert row.organisation and holder.organisation  # only guests have none
    return Right(row.organisation, holder.organisation, row.votes, holder.user)


def rights_for(motion: Motion) -> list[Right]:
    """Every vote that can be cast on ``motion`` now, or that its roll has."""
    if motion.item:
        return rights_in(motion.item.meeting)
    roll = motion.poll.voters if motion.poll else motion.votes
    rows = roll.select_related("organisation", "user")
    return [Right(row.organisation, row.organisation, row.votes, row.user) for row in rows]


def rights_of(user: Viewer, motion: Motion) -> list[Right]:
    """The votes that ``user`` may cast on ``motion``: the own unit's and those of proxies."""
    return [right for right in rights_for(motion) if right.is_of(user)]


def may_cast(user: Viewer, motion: Motion) -> Verdict:
    """May ``user`` vote openly for at least one unit now?"""
    verdict = _while_votes_are_taken(motion, Motion.Way.EACH)
    if verdict and not rights_of(user, motion):
        return Verdict(_("Only units with a vote that are present can vote."))
    return verdict


def may_enter(user: Viewer, motion: Motion) -> Verdict:
    """May ``user`` enter the votes that units say aloud or send on paper?"""
    return leads(user, motion.consortium) and _while_votes_are_taken(motion, Motion.Way.EACH)


def may_close(user: Viewer, motion: Motion) -> Verdict:
    """In a meeting whenever the chair says so, by correspondence not before the deadline."""
    verdict = leads(user, motion.consortium)
    if verdict and motion.state != State.VOTING:
        return Verdict(_("It is not being voted on."))
    if verdict and motion.closes_at and motion.closes_at > clock.now():
        return Verdict(_("Answers may still come until the deadline."))
    return verdict


def may_call_off(user: Viewer, motion: Motion) -> Verdict:
    verdict = leads(user, motion.consortium)
    if verdict and motion.state != State.VOTING:
        return Verdict(_("It is not being voted on."))
    return verdict


def may_see_votes(user: Viewer, motion: Motion) -> Verdict:
    """How each unit voted is shown to all who see the motion, once the vote is closed."""
    if motion.is_decided and motion.way == Motion.Way.EACH:
        return YES
    return Verdict(_("Votes are shown after the vote is closed."))


def visible_votes(user: Viewer, motion: Motion) -> QuerySet[Vote]:
    """How each unit voted, where that may be seen."""
    if not may_see_votes(user, motion):
        return Vote.objects.none()
    return motion.votes.select_related("organisation", "proxy")


def visible_letters(user: Viewer) -> QuerySet[Motion]:
    """Votes by correspondence, each with how many were ``asked`` and have ``answered``."""
    rows = visible_motions(user).by_correspondence()  # type: ignore[attr-defined]
    open_votes = Count("votes", distinct=True)
    voters = Count("poll__voters", distinct=True)
    answered = Count("votes", filter=~Q(votes__choice=""), distinct=True)
    voted = Count("poll__voters", filter=Q(poll__voters__has_voted=True), distinct=True)
    return rows.annotate(asked=open_votes + voters, answered=answered + voted)  # type: ignore[no-any-return]


def quorum_now(motion: Motion) -> Quorum | None:
    """Are enough there to decide this matter? Nothing where it is decided by correspondence."""
    if motion.item is None:
        return None
    present, entitled = meetings.votes_present(motion.item.meeting)
    return quorum(present, entitled, rule_of(motion).quorum)


def _while_votes_are_taken(motion: Motion, way: str) -> Verdict:
    late = motion.closes_at and motion.closes_at <= clock.now()
    if late or motion.state != State.VOTING:
        return Verdict(_("The vote is closed. No vote can be cast or changed any more."))
    return YES if motion.way == way else Verdict(_("It is not voted on in this way."))


def choices_cast(motion: Motion, rights: Iterable[Right]) -> dict[int, str]:
    """What the units of ``rights`` have voted so far, by key."""
    units = [right.organisation.pk for right in rights]
    rows = motion.votes.filter(organisation__in=units).exclude(choice="")
    return dict(rows.values_list("organisation", "choice"))
