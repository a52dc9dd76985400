"""Who may see minutes, and who drafts, objects, approves and seals."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.meetings import policy as meetings
from silian.governance.meetings.models import Meeting
from silian.governance.minutes.models import Approver, Minutes, Objection, Version
from silian.governance.motions.models import Motion
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    secretariats_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Minutes.State
READABLE = (State.CIRCULATED, State.APPROVED, State.SEALED)


def visible_minutes(user: Viewer) -> QuerySet[Minutes]:
    """Drafts are the secretariat's; circulated ones for those invited, sealed ones for members."""
    if not isinstance(user, User):
        return Minutes.objects.none()
    own = Q(consortium__in=secretariats_of(user))
    invited = meetings.invitations_of(user).values("meeting")
    approving = Approver.objects.filter(user=user).values("minutes")
    circulated = Q(state__in=READABLE) & (Q(meeting__in=invited) | Q(pk__in=approving))
    sealed = Q(state=State.SEALED, meeting__in=meetings.visible_meetings(user))
    rows = Minutes.objects.filter(own | circulated | sealed)
    return rows.select_related("consortium", "meeting__consortium", "pdf", "approving_motion")


def visible_versions(user: Viewer, minutes: Minutes) -> QuerySet[Version]:
    """Every version for the secretariat; others read the one that counts."""
    rows = minutes.versions.select_related("by")
    if is_secretary(user, minutes.consortium):
        return rows
    return rows.filter(number=minutes.versions.latest("number").number)


def visible_objections(user: Viewer, minutes: Minutes) -> QuerySet[Objection]:
    """Objections are read by everybody who was invited, with the answers."""
    rows = Objection.objects.filter(version__minutes=minutes)
    return rows.select_related("version", "organisation", "by", "answered_by")


def visible_approvers(user: Viewer, meeting: Meeting) -> QuerySet[User]:
    """Who can be named as approver: those who came, people of units that came, the secretariat."""
    came = meeting.attendees.filter(signed_in_at__isnull=False)
    roles = Role.objects.running().filter(
        Q(kind__in=Role.ACTING, organisation__in=came.filter(votes__gt=0).values("organisation"))
        | Q(kind=Role.Kind.SECRETARY, consortium=meeting.consortium)
    )
    return User.objects.filter(
        Q(pk__in=came.values("user")) | Q(pk__in=roles.values("user")), is_active=True
    )


def visible_approvals(user: Viewer, minutes: Minutes) -> QuerySet[Approver]:
    return minutes.approvers.select_related("user", "version")


def visible_approving(user: Viewer, minutes: Minutes) -> QuerySet[Motion]:
    """Motions that were carried after the meeting, one of which may have approved the minutes."""
    carried = Motion.objects.filter(consortium=minutes.consortium, state=Motion.State.CARRIED)
    return carried.filter(amends=None, decided_at__gte=minutes.meeting.starts_at)


def may_draft(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user`` have the minutes of ``meeting`` drafted?"""
    verdict = leads(user, meeting.consortium)
    if verdict and meeting.state not in Meeting.HELD:
        return Verdict(_("Minutes are drafted once the meeting has opened."))
    return verdict


def may_edit(user: Viewer, minutes: Minutes) -> Verdict:
    """The text may change until everybody has approved it."""
    states = (State.DRAFT, State.CIRCULATED)
    return _while_in(user, minutes, states, _("Approved minutes no longer change."))


def may_circulate(user: Viewer, minutes: Minutes) -> Verdict:
    verdict = _while_in(user, minutes, (State.DRAFT,), _("They were circulated already."))
    if verdict and minutes.meeting.state != Meeting.State.CLOSED:
        return Verdict(_("Close the meeting first."))
    return verdict


def may_reopen(user: Viewer, minutes: Minutes) -> Verdict:
    """May ``user`` take them back to change them? Approvals are void then."""
    states = (State.CIRCULATED, State.APPROVED)
    return _while_in(user, minutes, states, _("Sealed minutes stand for ever."))


def may_object(user: Viewer, minutes: Minutes) -> Verdict:
    if not meetings.is_invited(user, minutes.meeting):
        return Verdict(_("Only those invited to the meeting can object."))
    if minutes.state not in (State.CIRCULATED, State.APPROVED):
        return Verdict(_("Objections are heard while the minutes are circulated."))
    return YES if _heard(minutes) else Verdict(_("The time for objections is over."))


def may_answer(user: Viewer, minutes: Minutes) -> Verdict:
    states = (State.CIRCULATED, State.APPROVED)
    return _while_in(user, minutes, states, _("Sealed minutes stand for ever."))


def may_approve(user: Viewer, minutes: Minutes) -> Verdict:
    """May ``user``, who was named to, approve the text as it is now?"""
    mine = minutes.approvers.filter(user=user).first() if isinstance(user, User) else None
    if not mine:
        return Verdict(_("You were not named to approve these minutes."))
    if minutes.state != State.CIRCULATED:
        return Verdict(_("They are not waiting for approval."))
    if mine.version_id:
        return Verdict(_("You have approved them."))
    return _objections_answered(minutes)


def may_approve_by_motion(user: Viewer, minutes: Minutes) -> Verdict:
    reason = _("They are not waiting for approval.")
    verdict = _while_in(user, minutes, (State.CIRCULATED,), reason)
    return verdict and _objections_answered(minutes)


def may_seal(user: Viewer, minutes: Minutes) -> Verdict:
    verdict = _while_in(user, minutes, (State.APPROVED,), _("Only approved minutes are sealed."))
    if verdict and not minutes.approving_motion_id and _heard(minutes):
        return Verdict(_("Objections may still come until the day that was set."))
    return verdict and _objections_answered(minutes)


def leads(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def unit_of(user: User, minutes: Minutes) -> int | None:
    """The key of the unit for which ``user`` was invited."""
    mine = meetings.my_attendees(user, minutes.meeting).filter(organisation__isnull=False)
    return next((row.organisation_id for row in mine), None)


def _while_in(
    user: Viewer, minutes: Minutes, states: tuple[Minutes.State, ...], reason: str
) -> Verdict:
    verdict = leads(user, minutes.consortium)
    return Verdict(reason) if verdict and minutes.state not in states else verdict


def _heard(minutes: Minutes) -> bool:
    """Is there time left for objections?"""
    return minutes.objections_until is not None and clock.today() <= minutes.objections_until


def _objections_answered(minutes: Minutes) -> Verdict:
    if Objection.objects.filter(version__minutes=minutes, answer="").exists():
        return Verdict(_("An objection waits for its answer."))
    return YES


def waiting_of(user: User) -> QuerySet[Minutes]:
    """Minutes that ``user`` was named to approve and has not."""
    named = Approver.objects.filter(user=user, version=None).values("minutes")
    return Minutes.objects.filter(state=State.CIRCULATED, pk__in=named)


def unwritten(user: Viewer) -> QuerySet[Meeting]:
    """Closed meetings of one's secretariats that have no minutes yet."""
    closed = Meeting.objects.filter(state=Meeting.State.CLOSED, written_minutes=None)
    return closed.filter(consortium__in=secretariats_of(user))
