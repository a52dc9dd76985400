"""Who may see motions, and who moves, amends, puts to the vote and votes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.charters.models import MatterRule
from silian.governance.charters.policy import charter_of, rule_for
from silian.governance.consortia.models import Consortium
from silian.governance.meetings import policy as meetings
from silian.governance.meetings.models import Attendee, Item, Meeting
from silian.governance.members.models import Organisation
from silian.governance.motions.models import Motion, Vote
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
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


def visible_motions(user: Viewer) -> QuerySet[Motion]:
    """With the meeting they belong to; those by correspondence are seen by whoever answers them."""
    units = organisations_of(user)
    asked = Vote.objects.filter(motion=OuterRef("pk"))
    mine = asked.filter(Q(organisation__in=units) | Q(user_id=user.pk))
    inside = Q(consortium__in=secretariats_of(user)) | Q(mover__in=units)
    rows = Motion.objects.filter(
        inside | Q(item__meeting__in=meetings.visible_meetings(user)) | Q(Exists(mine))
    )
    return rows.select_related("consortium", "item__meeting", "mover", "seconder", "amends")


def visible_items(user: Viewer) -> QuerySet[Item]:
    """Items of the agendas that ``user`` may see."""
    items = Item.objects.filter(meeting__in=meetings.visible_meetings(user))
    return items.select_related("meeting__consortium", "meeting__charter")


def rule_of(motion: Motion) -> MatterRule:
    """What it needs to carry: by the charter fixed at the vote, before that by the one in force."""
    if motion.item and not motion.charter:
        return meetings.rule_of(motion.item.meeting, motion.matter)
    charter = motion.charter or charter_of(motion.consortium)
    if charter:
        return rule_for(charter, motion.organ, motion.matter)
    return MatterRule(organ=motion.organ, matter=motion.matter)


def rules_by_correspondence(consortium: Consortium) -> list[MatterRule]:
    """The organs and matters for which the charter in force allows a vote by correspondence."""
    charter = charter_of(consortium)
    return list(charter.matter_rules.filter(correspondence=True)) if charter else []


def is_secret(motion: Motion) -> bool:
    return motion.secret_asked or rule_of(motion).secret


def rights_in(meeting: Meeting) -> list[Right]:
    """The votes that can be cast now: of units present, and of those that gave these a proxy."""
    rows = meetings.present_attendees(meeting).select_related(
        "organisation", "user", "proxy__organisation", "proxy__user"
    )
    return [_right(row) for row in rows]


def _right(row: Attendee) -> Right:
    holder = row if row.is_here or not row.proxy else row.proxy
    assert row.organisation and holder.organisation  # only guests have none
    return Right(row.organisation, holder.organisation, row.votes, holder.user)


def rights_for(motion: Motion) -> list[Right]:
    """Every vote that can be cast on ``motion`` now, or that its roll has."""
    if motion.item:
        return rights_in(motion.item.meeting)
    roll = motion.votes.select_related("organisation", "user")
    return [Right(row.organisation, row.organisation, row.votes, row.user) for row in roll]


def rights_of(user: Viewer, motion: Motion) -> list[Right]:
    """The votes that ``user`` may cast on ``motion``: the own unit's and those of proxies."""
    return [right for right in rights_for(motion) if right.is_of(user)]


def leads(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` conduct votes of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_propose(user: Viewer, item: Item) -> Verdict:
    """May ``user`` move something under ``item``, or move to amend what was moved there?"""
    meeting = item.meeting
    if meeting.state in (Meeting.State.CLOSED, Meeting.State.CANCELLED):
        return Verdict(_("The meeting is over."))
    has_seat = meetings.my_attendees(user, meeting).voting().exists()
    if leads(user, meeting.consortium) or has_seat:
        return YES
    return Verdict(_("Only the secretariat and units with a vote can move something."))


def may_ask_by_letter(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` begin a vote by correspondence?"""
    verdict = leads(user, consortium)
    if verdict and not rules_by_correspondence(consortium):
        return Verdict(_("The charter allows no vote by correspondence."))
    return verdict


def may_edit(user: Viewer, motion: Motion) -> Verdict:
    """Its mover and the secretariat may, until it is voted on or somebody moved to amend it."""
    verdict = _moved_by(user, motion) and _while_proposed(motion)
    if verdict and motion.amendments.exclude(state=State.WITHDRAWN).exists():
        return Verdict(_("Amendments were moved to this text; it changes only by them."))
    return verdict


def may_withdraw(user: Viewer, motion: Motion) -> Verdict:
    return _moved_by(user, motion) and _while_proposed(motion)


def may_amend(user: Viewer, motion: Motion) -> Verdict:
    verdict = _while_proposed(motion)
    if verdict and (motion.amends_id or motion.item is None):
        return Verdict(_("Only motions in a meeting can be amended, and amendments cannot."))
    return verdict and may_propose(user, motion.item)


def may_put(user: Viewer, motion: Motion) -> Verdict:
    """May ``user`` put it to the vote? Amendments come first."""
    verdict = leads(user, motion.consortium) and _while_proposed(motion)
    if verdict and motion.item and motion.item.meeting.state != Meeting.State.OPEN:
        return Verdict(_("The meeting is not in session."))
    if verdict and motion.item is None and not rule_of(motion).correspondence:
        return Verdict(_("The charter does not allow this matter to be decided by correspondence."))
    if verdict and motion.amends and motion.amends.state != State.PROPOSED:
        return Verdict(_("What it would amend is no longer open."))
    return verdict and _amendments_settled(motion)


def may_merge(user: Viewer, motion: Motion) -> Verdict:
    """May ``user`` write the text that a carried amendment leads to?"""
    verdict = leads(user, motion.consortium) and _while_proposed(motion)
    if verdict and not unmerged(motion).exists():
        return Verdict(_("No amendment waits to be worked into the text."))
    return verdict


def unmerged(motion: Motion) -> QuerySet[Motion]:
    """Carried amendments that did not fit into the text by themselves."""
    return motion.amendments.filter(state=State.CARRIED, outcome=None).order_by("decided_at")


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


def _moved_by(user: Viewer, motion: Motion) -> Verdict:
    if motion.mover and acts_for(user, motion.mover):
        return YES
    return leads(user, motion.consortium)


def _while_proposed(motion: Motion) -> Verdict:
    if motion.state != State.PROPOSED:
        return Verdict(_("It has been put to the vote or withdrawn."))
    return YES


def _while_votes_are_taken(motion: Motion, way: str) -> Verdict:
    late = motion.closes_at and motion.closes_at <= clock.now()
    if late or motion.state != State.VOTING:
        return Verdict(_("The vote is closed. No vote can be cast or changed any more."))
    return YES if motion.way == way else Verdict(_("It is not voted on in this way."))


def _amendments_settled(motion: Motion) -> Verdict:
    if motion.amendments.filter(state__in=(State.PROPOSED, State.VOTING)).exists():
        return Verdict(_("Amendments are voted on first."))
    if unmerged(motion).exists():
        return Verdict(_("First work the carried amendments into the text."))
    return YES


def choices_cast(motion: Motion, rights: Iterable[Right]) -> dict[int, str]:
    """What the units of ``rights`` have voted so far, by key."""
    units = [right.organisation.pk for right in rights]
    rows = motion.votes.filter(organisation__in=units).exclude(choice="")
    return dict(rows.values_list("organisation", "choice"))
