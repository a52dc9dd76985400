"""Who may see a meeting, who prepares and conducts it, and whose votes are present."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from silian.engines.tallying import Quorum, quorum
from silian.governance.charters.models import Charter, Matter, MatterRule
from silian.governance.charters.policy import charter_of, rule_for
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Attendee, AttendeeQuerySet, Item, Meeting
from silian.governance.members.models import Membership
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.files.models import StoredFile
from silian.kernel.verdicts import YES, Verdict

State = Meeting.State
DOORS_OPEN = 12  # hours before the start from which people can be signed in
MAY_OPEN = 1  # hours before the start from which a meeting can be opened


# --- who sees what ----------------------------------------------------------------------


def visible_meetings(user: Viewer) -> QuerySet[Meeting]:
    """The secretariat's own, drafts too; called ones for those invited and for every member."""
    rows = Meeting.objects.select_related("consortium", "body", "charter")
    if not isinstance(user, User):
        return rows.none()
    members = Membership.objects.current().filter(organisation__in=organisations_of(user))
    called = Q(consortium__in=members.values("consortium")) | Q(
        pk__in=invitations_of(user).values("meeting")
    )
    own = Q(consortium__in=secretariats_of(user))
    return rows.filter(own | (called & Q(called_at__isnull=False)))


def visible_items(user: Viewer, meeting: Meeting) -> QuerySet[Item]:
    """The agenda of a meeting that ``user`` may see."""
    return meeting.items.prefetch_related("papers")


def visible_papers(meeting: Meeting) -> QuerySet[StoredFile]:
    """The papers of the agenda, for whom ``may_read_papers`` lets read them."""
    through = Item.papers.through.objects.filter(item__meeting=meeting)
    return StoredFile.objects.filter(pk__in=through.values("storedfile"))


def my_attendees(user: Viewer, meeting: Meeting) -> AttendeeQuerySet:
    """As whom ``user`` is invited: in person, or for the units that they act for."""
    return invitations_of(user).filter(meeting=meeting)  # type: ignore[return-value]


def invitations_of(user: Viewer) -> QuerySet[Attendee]:
    """A seat that belongs to a person is that person's alone; others are their unit's."""
    rows = Attendee.objects.select_related("organisation", "user", "proxy__organisation")
    if not isinstance(user, User):
        return rows.none()
    units = Q(user=None, votes__gt=0, organisation__in=organisations_of(user))
    return rows.filter(Q(user=user) | units)


def is_invited(user: Viewer, meeting: Meeting) -> bool:
    return my_attendees(user, meeting).exists()


def may_read_papers(user: Viewer, meeting: Meeting) -> Verdict:
    """Papers, the online address and who else comes are for those invited."""
    if is_secretary(user, meeting.consortium) or is_invited(user, meeting):
        return YES
    return Verdict(_("Papers are for those invited."))


# --- preparing --------------------------------------------------------------------------


def may_prepare(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` draft and conduct meetings of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def _may(user: Viewer, meeting: Meeting, states: set[State], reason: str) -> Verdict:
    verdict = may_prepare(user, meeting.consortium)
    return Verdict(reason) if verdict and meeting.state not in states else verdict


def may_edit(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user`` change time, place and form? After the call everybody is told."""
    reason = _("A meeting stands as it is once it has opened.")
    return _may(user, meeting, {State.DRAFT, State.CALLED}, reason)


def may_edit_agenda(user: Viewer, meeting: Meeting) -> Verdict:
    reason = _("The agenda of a meeting that is over stands.")
    return _may(user, meeting, {State.DRAFT, State.CALLED, State.OPEN}, reason)


def may_remove_item(user: Viewer, item: Item) -> Verdict:
    """May ``user`` take ``item`` off? Nothing is removed that was decided or elected under it."""
    verdict = may_edit_agenda(user, item.meeting)
    if verdict and item.meeting.state == State.OPEN:
        return Verdict(_("The agenda of a meeting in session is only added to."))
    if verdict and _is_used(item):
        return Verdict(_("There are motions, elections or a ceremony under this item."))
    return verdict


def _is_used(item: Item) -> bool:
    """Was anything moved, elected or signed under ``item``, whichever app that belongs to?"""
    links = (link for link in item._meta.related_objects if link.related_model is not Meeting)
    return any(
        link.related_model._base_manager.filter(**{link.field.name: item}).exists()
        for link in links
    )


def may_invite(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user`` add guests, and for a body its people? Guests come until the last moment."""
    reason = _("The meeting is over.")
    return _may(user, meeting, {State.DRAFT, State.CALLED, State.OPEN}, reason)


def may_call(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user`` send the invitations?"""
    verdict = _may(user, meeting, {State.DRAFT}, _("This meeting has been called already."))
    return verdict and is_callable(meeting)


def is_callable(meeting: Meeting) -> Verdict:
    """Is everything there that a call needs? Notice is looked at when it is sent."""
    if meeting.organ and not charter_of(meeting.consortium):
        return Verdict(_("The consortium has no charter yet: adopt one first."))
    if not meeting.items.exists():
        return Verdict(_("Put something on the agenda first."))
    if meeting.body and not meeting.attendees.filter(votes__gt=0).exists():
        return Verdict(_("Say first who votes in this body."))
    if meeting.starts_at <= clock.now():
        return Verdict(_("The meeting lies in the past: change its time first."))
    return YES


def notice_needed(meeting: Meeting) -> int:
    """Days of notice that the charter asks for; a body has no charter that says so."""
    charter = meeting.charter or charter_of(meeting.consortium)
    return charter.notice_days if charter and meeting.organ else 0


def call_by(meeting: Meeting) -> date:
    """The last day on which a call keeps the charter's notice."""
    return timezone.localtime(meeting.starts_at).date() - timedelta(days=notice_needed(meeting))


def replies(meeting: Meeting) -> dict[str, int]:
    """How many of those invited gave which answer."""
    counted = meeting.attendees.order_by().values_list("reply").annotate(number=Count("pk"))
    found = dict(counted)
    return {reply: found.get(reply, 0) for reply in Attendee.Reply.values}


def may_send_update(user: Viewer, meeting: Meeting) -> Verdict:
    verdict = _may(user, meeting, {State.CALLED}, _("Only a called meeting has invitations."))
    if verdict and not meeting.unsent:
        return Verdict(_("Nothing has changed since the invitations were sent."))
    return verdict


def may_cancel(user: Viewer, meeting: Meeting) -> Verdict:
    reason = _("The meeting can no longer be cancelled.")
    return _may(user, meeting, {State.DRAFT, State.CALLED}, reason)


# --- conducting -------------------------------------------------------------------------


def may_open(user: Viewer, meeting: Meeting) -> Verdict:
    verdict = _may(user, meeting, {State.CALLED}, _("Only a called meeting can be opened."))
    if verdict and not _within(meeting, MAY_OPEN):
        return Verdict(_("The meeting can be opened an hour before it starts."))
    return verdict


def may_close(user: Viewer, meeting: Meeting) -> Verdict:
    return _may(user, meeting, {State.OPEN}, _("The meeting is not in session."))


def may_note(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user`` write down what happened, item by item?"""
    return _may(user, meeting, {State.OPEN, State.CLOSED}, _("The meeting is not in session."))


def may_sign_in_others(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user`` sign people in at the door or from the list?"""
    return may_prepare(user, meeting.consortium) and signs_in(meeting)


def signs_in(meeting: Meeting) -> Verdict:
    """Can anybody be signed in now?"""
    if not meeting.meets:
        return Verdict(_("Nobody signs in to a meeting by correspondence."))
    if meeting.state not in Meeting.AHEAD:
        return Verdict(_("The meeting is over, or has not been called."))
    if not _within(meeting, DOORS_OPEN):
        return Verdict(_("Signing in begins twelve hours before the start."))
    return YES


def may_answer(user: Viewer, meeting: Meeting) -> Verdict:
    """Can those invited still say whether they come?"""
    if not is_invited(user, meeting):
        return Verdict(_("You are not invited to this meeting."))
    if meeting.state != State.CALLED:
        return Verdict(_("Answers are taken from the call until the meeting opens."))
    return YES


def _within(meeting: Meeting, hours: int) -> bool:
    return (meeting.starts_at - clock.now()).total_seconds() <= hours * 3600


# --- whose votes are present ------------------------------------------------------------


def present_attendees(meeting: Meeting) -> AttendeeQuerySet:
    """The voting attendees who are here, or whose proxy is."""
    return meeting.attendees.represented()


def votes_present(meeting: Meeting) -> tuple[int, int]:
    """Votes present, those by proxy among them, and votes of all who are entitled."""
    return present_attendees(meeting).total_votes(), meeting.attendees.voting().total_votes()


def rule_of(meeting: Meeting, matter: str = Matter.ORDINARY) -> MatterRule:
    """What the meeting needs to decide ``matter``: its charter's rule, or the defaults."""
    charter = meeting.charter or charter_of(meeting.consortium) or Charter()
    return rule_for(charter, meeting.organ, matter) if charter.pk else MatterRule(matter=matter)


def quorum_of(meeting: Meeting) -> Quorum:
    """Are enough votes present to decide ordinary matters?"""
    return quorum(*votes_present(meeting), rule_of(meeting).quorum)
