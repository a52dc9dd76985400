"""Who sees who is invited, who answers for whom, and who signs whom in."""

from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.attendance.models import SignInSheet
from silian.governance.meetings.models import Attendee, AttendeeQuerySet, Meeting
from silian.governance.meetings.policy import (
    is_invited,
    may_invite,
    may_prepare,
    my_attendees,
    signs_in,
)
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel.verdicts import YES, Verdict

State = Meeting.State
FRESH = 60  # seconds for which a code on the screen counts


def visible_attendees(user: Viewer, meeting: Meeting) -> AttendeeQuerySet:
    """The secretariat sees everybody; others see the seats that they were invited for."""
    if not is_secretary(user, meeting.consortium):
        return my_attendees(user, meeting)
    rows = meeting.attendees.select_related("organisation", "user", "signed_in_by")
    return rows.select_related("proxy__organisation")


def visible_sheets(user: Viewer, meeting: Meeting) -> QuerySet[SignInSheet]:
    rows = SignInSheet.objects.filter(meeting=meeting).select_related("file", "by")
    return rows if may_manage(user, meeting) else rows.none()


def may_manage(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user`` read the whole list, print badges and put the screen up?"""
    return may_prepare(user, meeting.consortium)


def may_remove(user: Viewer, attendee: Attendee) -> Verdict:
    """May ``user`` take ``attendee`` off the list? Not whom the charter invites."""
    verdict = may_invite(user, attendee.meeting)
    if verdict and attendee.signed_in_at:
        return Verdict(_("Who has been signed in stays on the list."))
    if verdict and attendee.votes and attendee.meeting.state != State.DRAFT:
        return Verdict(_("Who may vote stays on the list once the meeting is called."))
    return verdict


def may_add_voter(user: Viewer, meeting: Meeting) -> Verdict:
    """Who votes in an organ follows from the charter; in a body the secretariat says it."""
    verdict = may_invite(user, meeting)
    if verdict and meeting.organ:
        return Verdict(_("Who votes in this organ follows from the charter."))
    if verdict and meeting.state == State.OPEN:
        return Verdict(_("Who votes stands once the meeting has opened."))
    return verdict


# --- answers and proxies ----------------------------------------------------------------


def may_reply(user: Viewer, attendee: Attendee) -> Verdict:
    """May ``user`` say whether ``attendee`` comes? The secretariat may, after a telephone call."""
    meeting = attendee.meeting
    mine = my_attendees(user, meeting).filter(pk=attendee.pk).exists()
    if not mine and not is_secretary(user, meeting.consortium):
        return Verdict(_("You are not invited to this meeting."))
    if meeting.state != State.CALLED:
        return Verdict(_("Answers are taken from the call until the meeting opens."))
    return YES


def proxies_each(meeting: Meeting) -> int:
    """How many proxies one attendee may hold."""
    return meeting.charter.proxies_each if meeting.charter else 0


def possible_holders(attendee: Attendee) -> AttendeeQuerySet:
    """Who could vote for ``attendee``: has a vote, keeps it, comes, and may hold one more."""
    others = attendee.meeting.attendees.voting().exclude(pk=attendee.pk)
    keeping = others.exclude(reply__in=[Attendee.Reply.PROXY, Attendee.Reply.DECLINED])
    held = Count("proxied", filter=~Q(proxied__pk=attendee.pk))
    free = keeping.annotate(held=held).filter(held__lt=proxies_each(attendee.meeting))
    return free.select_related("organisation")


# --- signing in -------------------------------------------------------------------------


def may_sign_in_online(user: Viewer, attendee: Attendee) -> Verdict:
    """May ``user`` say that they take part online, as ``attendee``?"""
    meeting = attendee.meeting
    if not my_attendees(user, meeting).filter(pk=attendee.pk).exists():
        return Verdict(_("You are not invited to this meeting."))
    if not meeting.meets_online:
        return Verdict(_("This meeting is not held online."))
    if meeting.state != State.OPEN:
        return Verdict(_("The meeting is not in session."))
    return YES


def may_sign_in_here(user: Viewer, meeting: Meeting) -> Verdict:
    """May ``user``, who has just scanned the code on the screen, sign themselves in?"""
    if not is_invited(user, meeting):
        return Verdict(_("You are not invited to this meeting."))
    return signs_in(meeting)


def screen_token(meeting: Meeting) -> str:
    """What the code on the screen says: only somebody who sees the screen now can know it."""
    return _signer().sign(str(meeting.pk))


def is_fresh(meeting_pk: int, token: str) -> bool:
    try:
        return _signer().unsign(token, max_age=FRESH) == str(meeting_pk)
    except BadSignature:
        return False


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="silian.attendance.screen")
