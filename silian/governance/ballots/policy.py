"""Who may see a poll, and for which units somebody may vote in it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.ballots.models import Poll, Slip, Voter
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Poll.State


def visible_polls(user: Viewer) -> QuerySet[Poll]:
    """Published boards are public; before, a poll is for those on its roll and its secretariat."""
    mine = Q(pk__in=_votable(user).values("poll"))
    open_to_me = mine & Q(state__in=[State.OPEN, State.VOID])
    own = Q(consortium__in=secretariats_of(user))
    rows = Poll.objects.filter(Q(state=State.CLOSED) | open_to_me | own)
    return rows.select_related("consortium")


def visible_slips(user: Viewer, poll: Poll) -> QuerySet[Slip]:
    """The board of ``poll``, where it is published."""
    return Slip.objects.filter(poll=poll, poll__state=State.CLOSED)


def visible_turnout(user: Viewer, poll: Poll) -> QuerySet[Voter]:
    """Which units voted; named only when the poll is closed."""
    rows = Voter.objects.filter(poll=poll, poll__state=State.CLOSED)
    return rows.select_related("organisation", "voted_by")


def voters_of(user: Viewer, poll: Poll) -> QuerySet[Voter]:
    """The units on the roll of ``poll`` for which ``user`` may vote, one by one."""
    return _votable(user).filter(poll=poll).select_related("organisation", "voted_by")


def unvoted(user: Viewer, at: datetime) -> QuerySet[Voter]:
    """The units of ``user`` that could vote at that moment and have not, in whatever poll."""
    hours = {"poll__state": State.OPEN, "poll__opens_at__lte": at, "poll__closes_at__gt": at}
    rows = _votable(user).filter(has_voted=False, **hours)
    return rows.select_related("organisation", "poll__consortium")


def _votable(user: Viewer) -> QuerySet[Voter]:
    if not isinstance(user, User):
        return Voter.objects.none()
    units = organisations_of(user)
    own = Q(user=user) | Q(user=None, organisation__in=units)
    by_proxy = Q(proxy_user=user) | Q(proxy_user=None, proxy__in=units)
    return Voter.objects.filter(own | by_proxy)


def may_vote(user: Viewer, poll: Poll) -> Verdict:
    """May ``user`` hand in a ballot now, for one unit at least?"""
    voters = voters_of(user, poll)
    if not voters:
        return Verdict(_("You do not vote for any unit on the roll of this ballot."))
    if not poll.takes_ballots:
        return why_closed(poll)
    if all(voter.has_voted for voter in voters):
        return Verdict(_("Your unit has voted."))
    return YES


def why_closed(poll: Poll) -> Verdict:
    """Why ``poll`` takes no ballots; yes where it does."""
    if poll.takes_ballots:
        return YES
    if poll.state == State.VOID:
        return Verdict(_("This ballot was declared void."))
    if poll.state == State.PREPARED or not poll.is_over:
        return Verdict(_("Voting has not begun."))
    return Verdict(_("Voting is over."))


def may_close(poll: Poll) -> Verdict:
    """May the ballots be counted? When time is up, or nobody is left to vote."""
    if poll.state != State.OPEN:
        return Verdict(_("This ballot is not open."))
    if poll.is_over or not poll.voters.filter(has_voted=False).exists():
        return YES
    return Verdict(_("Not everybody has voted, and there is time left."))


def may_see_number(user: Viewer, poll: Poll) -> bool:
    """May ``user`` know how many have voted while voting goes on?"""
    return is_secretary(user, poll.consortium) or voters_of(user, poll).exists()
