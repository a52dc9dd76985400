"""Who may see motions, and who moves, amends and puts to the vote."""

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.governance.charters.models import MatterRule
from silian.governance.charters.policy import charter_of, rule_for
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Term
from silian.governance.meetings import policy as meetings
from silian.governance.meetings.models import Item, Meeting
from silian.governance.members.models import Membership, Organisation
from silian.governance.motions.models import Motion, Wording
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Motion.State


def visible_motions(user: Viewer) -> QuerySet[Motion]:
    """As the meeting they belong to; those by correspondence by every member once they are sent."""
    if not isinstance(user, User):
        return Motion.objects.none()
    units = organisations_of(user)
    inside = Q(consortium__in=secretariats_of(user)) | Q(mover__in=units)
    called = Q(item__meeting__in=meetings.visible_meetings(user))
    members = Membership.objects.current().filter(organisation__in=units)
    seats = Term.objects.running().filter(user=user)
    ours = Q(consortium__in=members.values("consortium")) | Q(
        consortium__in=seats.values("seat__consortium")
    )
    rows = Motion.objects.filter(inside | called | (ours & Q(item=None, opened_at__isnull=False)))
    return rows.select_related(
        "consortium", "charter", "item__meeting__charter", "mover", "seconder", "amends"
    )


def visible_wordings(user: Viewer, motion: Motion) -> QuerySet[Wording]:
    """Every text that a motion which ``user`` may see has had, the first one first."""
    return motion.wordings.select_related("amendment", "by")


def with_motions(items: QuerySet[Item]) -> QuerySet[Item]:
    """Each item with its motions."""
    rows = in_order(Motion.objects.select_related("consortium", "mover"))
    return items.prefetch_related(Prefetch("motions", queryset=rows))


def visible_items(user: Viewer) -> QuerySet[Item]:
    """Items of the agendas that ``user`` may see."""
    items = Item.objects.filter(meeting__in=meetings.visible_meetings(user))
    return items.select_related("meeting__consortium", "meeting__charter")


def in_order(motions: QuerySet[Motion]) -> QuerySet[Motion]:
    """As they were moved, amendments after what they amend."""
    return motions.order_by(Coalesce("amends_id", "pk"), "pk")


def visible_units(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The current members of ``consortium``: who can move or second something."""
    current = consortium.memberships.current()
    return Organisation.objects.filter(pk__in=current.values("organisation"))


def visible_movers(user: Viewer, item: Item) -> QuerySet[Organisation]:
    """The units in whose name ``user`` can move something under ``item``."""
    units = visible_units(user, item.meeting.consortium)
    if leads(user, item.meeting.consortium):
        return units
    seats = meetings.my_attendees(user, item.meeting).voting()
    return Organisation.objects.filter(pk__in=seats.values("organisation"))


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
    if motion.amends_id or motion.item is None:
        return Verdict(_("Only motions in a meeting can be amended, and amendments cannot."))
    return _while_proposed(motion) and may_propose(user, motion.item)


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


def _moved_by(user: Viewer, motion: Motion) -> Verdict:
    if motion.mover and acts_for(user, motion.mover):
        return YES
    return leads(user, motion.consortium)


def _while_proposed(motion: Motion) -> Verdict:
    if motion.state != State.PROPOSED:
        return Verdict(_("It has been put to the vote or withdrawn."))
    return YES


def _amendments_settled(motion: Motion) -> Verdict:
    if motion.amendments.filter(state__in=(State.PROPOSED, State.VOTING)).exists():
        return Verdict(_("Amendments are voted on first."))
    if unmerged(motion).exists():
        return Verdict(_("First work the carried amendments into the text."))
    return YES
