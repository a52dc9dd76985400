"""What waits for voters and the secretariat, and what a closed ballot decides."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.ballots import services as ballots
from silian.governance.ballots.models import Poll
from silian.governance.meetings.models import Meeting
from silian.governance.motions.models import Motion
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.governance.votes import services
from silian.governance.votes.models import Vote
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

State = Motion.State


@ballots.on_closing
def decide_by_ballot(poll: Poll) -> None:
    """The board is published: the motion on its paper is decided in the same moment."""
    found = Motion.objects.being_voted().filter(poll=poll).first()
    if found:
        services.close_vote(found, by=None)


@todos.source
def votes_to_cast(user: User) -> Iterable[Todo]:
    """Units that were asked by correspondence and have not answered."""
    mine = Q(user=user) | Q(user=None, organisation__in=organisations_of(user))
    waiting = Vote.objects.filter(mine, choice="", motion__state=State.VOTING)
    for vote in waiting.select_related("motion__consortium"):
        motion = vote.motion
        label = _("Vote by correspondence: %(motion)s") % {"motion": motion.title}
        url = reverse("votes:vote", args=[motion.consortium, motion.pk])
        yield Todo(label, url, due=motion.closes_at, place=motion.consortium.name)


@todos.source
def motions_in_session(user: User) -> Iterable[Todo]:
    """The secretariat: votes left open in a meeting that has closed."""
    left = Motion.objects.being_voted().filter(
        consortium__in=secretariats_of(user), item__meeting__state=Meeting.State.CLOSED
    )
    for motion in left.select_related("consortium"):
        label = _("The meeting is closed, this vote is not: %(motion)s") % {"motion": motion.title}
        yield Todo(
            label,
            reverse("votes:vote", args=[motion.consortium, motion.pk]),
            place=motion.consortium.name,
        )
