"""Preparing, calling and conducting a meeting. Each function is one thing somebody does."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.charters.models import Charter
from silian.governance.charters.policy import charter_of
from silian.governance.council.policy import electorate
from silian.governance.meetings import invitations
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import is_callable, notice_needed
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import move

State = Meeting.State
INVITED = gettext_noop("You are invited: “%(meeting)s”, %(when)s")


@transaction.atomic
def draft_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Keep a new meeting, or a changed one that nobody has been invited to yet."""
    action = gettext_noop("Meeting changed") if meeting.pk else gettext_noop("Meeting drafted")
    meeting.save()
    record(meeting, action, by=by)
    return meeting


@transaction.atomic
def call_meeting(
    meeting: Meeting,
    *,
    by: User,
    called_as: str = Charter.Caller.SECRETARIAT,
    short_notice_why: str = "",
) -> None:
    """Fix the charter that counts, invite everybody entitled and the guests, and tell them.

    Raises ValidationError where the charter does not let ``called_as`` call a meeting, and where
    the notice is shorter than it asks for without a written reason.
    """
    is_callable(meeting).enforce()
    charter = charter_of(meeting.consortium)
    _check_caller(charter, called_as)
    _check_notice(meeting, short_notice_why)
    facts = {"called_as": called_as, "short_notice_why": short_notice_why.strip()}
    move(meeting, State.CALLED, by=by, charter=charter, called_at=clock.now(), **facts)
    if meeting.organ:
        _invite_electorate(meeting)
    invitations.send(meeting, meeting.attendees.all(), INVITED)


@transaction.atomic
def change_meeting(meeting: Meeting, *, by: User, short_notice_why: str = "") -> None:
    """Keep a called meeting's new time, place or form, and send everybody the update.

    Where the time has changed everybody is asked again: yesterday's yes was for another day.
    """
    before = Meeting.objects.select_for_update().get(pk=meeting.pk)
    moved = before.starts_at != meeting.starts_at
    if meeting.starts_at < before.starts_at:
        _check_notice(meeting, short_notice_why or meeting.short_notice_why, clock.today())
    meeting.short_notice_why = short_notice_why.strip() or meeting.short_notice_why
    if moved:
        meeting.reminded_at = None
        meeting.attendees.update(reply=Attendee.Reply.NONE, proxy=None)
    meeting.save()
    record(meeting, gettext_noop("Meeting changed"), by=by, start=meeting.starts_at.isoformat())
    asked_again = gettext_noop("“%(meeting)s” has a new time: %(when)s. Please answer again.")
    changed = gettext_noop("“%(meeting)s”, %(when)s, has changed")
    _send_revision(meeting, asked_again if moved else changed)


@transaction.atomic
def send_update(meeting: Meeting, *, by: User) -> None:
    """Send everybody the agenda as it is now."""
    record(meeting, gettext_noop("Changed agenda sent"), by=by)
    _send_revision(meeting, gettext_noop("The agenda of “%(meeting)s”, %(when)s, has changed"))


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, why: str) -> None:
    called = meeting.state == State.CALLED
    move(meeting, State.CANCELLED, by=by, why=why, revision=meeting.revision + 1)
    if called:
        message = gettext_noop("“%(meeting)s”, %(when)s, is cancelled: %(why)s")
        invitations.send(meeting, meeting.attendees.all(), message, why=why)


@transaction.atomic
def open_meeting(meeting: Meeting, *, by: User) -> None:
    """From now on answers and proxies stand, and the agenda is gone through item by item."""
    first = meeting.items.first()
    move(meeting, State.OPEN, by=by, opened_at=clock.now(), current_item=first)


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User) -> None:
    move(meeting, State.CLOSED, by=by, closed_at=clock.now(), current_item=None)


@transaction.atomic
def remind(meeting: Meeting) -> bool:
    """Remind everybody who has not declined, once; False where somebody already did."""
    unsaid = Meeting.objects.filter(pk=meeting.pk, state=State.CALLED, reminded_at=None)
    if not unsaid.update(reminded_at=clock.now()):
        return False
    coming = meeting.attendees.exclude(reply=Attendee.Reply.DECLINED)
    invitations.send(meeting, coming, gettext_noop("Reminder: “%(meeting)s”, %(when)s"))
    return True


def _send_revision(meeting: Meeting, message: str) -> None:
    meeting.revision += 1
    meeting.unsent = False
    meeting.save(update_fields=["revision", "unsent"])
    invitations.send(meeting, meeting.attendees.all(), message)


def _check_caller(charter: Charter | None, called_as: str) -> None:
    if charter and charter.callers and called_as not in charter.callers:
        message = _("The charter does not let %(caller)s call a meeting.")
        raise ValidationError(message % {"caller": Charter.Caller(called_as).label})


def _check_notice(meeting: Meeting, why: str, today: date | None = None) -> None:
    needed = notice_needed(meeting)
    given = meeting.days_of_notice_from(today or clock.today())
    if given < needed and not why.strip():
        message = _("The charter asks for %(needed)s days of notice; these are %(given)s.")
        raise ValidationError(message % {"needed": needed, "given": given}, code="notice")


def _invite_electorate(meeting: Meeting) -> None:
    """Whoever may vote in the organ, each unit once; who was put on the list before stays."""
    known = set(meeting.attendees.voting().values_list("organisation", flat=True))
    Attendee.objects.bulk_create(
        Attendee(
            meeting=meeting,
            organisation=elector.organisation,
            name=elector.person,
            user=elector.user,
            votes=elector.votes,
        )
        for elector in electorate(meeting.consortium, meeting.organ)
        if elector.organisation.pk not in known
    )
