"""Putting people on the list, and signing them in and out. Signing in twice is signing in once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_noop

from silian.governance.attendance.models import SignInSheet
from silian.governance.meetings import invitations
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.services import INVITED
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files.services import DOCUMENTS, store

Channel, Reply, State = Attendee.Channel, Attendee.Reply, Meeting.State
LATE = timedelta(hours=24)  # how long after the close a door may still hand in what it noted
NOBODY = Attendee.objects.none()
# Who comes in person needs nobody to vote in their place.
IN_PERSON = {
    "proxy": None,
    "reply": Case(When(reply=Reply.PROXY, then=Value(Reply.COMING)), default=F("reply")),
}


# --- the list ---------------------------------------------------------------------------


@transaction.atomic
def add_attendees(meeting: Meeting, attendees: Iterable[Attendee], *, by: User) -> int:
    """Put guests, or those who vote in a body, on the list; a called meeting invites them."""
    rows = Attendee.objects.bulk_create(attendees)
    names = [str(row) for row in rows[:20]]
    record(meeting, gettext_noop("Put on the list"), by=by, number=len(rows), names=names)
    if meeting.state == State.CALLED:
        invitations.send(meeting, rows, INVITED)
    return len(rows)


@transaction.atomic
def change_attendee(attendee: Attendee, *, by: User) -> None:
    attendee.save()
    record(attendee, gettext_noop("Data changed"), by=by)


@transaction.atomic
def remove_attendee(attendee: Attendee, *, by: User) -> None:
    record(attendee.meeting, gettext_noop("Taken off the list"), by=by, name=str(attendee))
    attendee.delete()


# --- signing in -------------------------------------------------------------------------


@transaction.atomic
def sign_in(
    attendee: Attendee,
    *,
    by: User,
    channel: str,
    at: datetime | None = None,
    key: UUID | None = None,
) -> bool:
    """Sign one in; False where they were in already. ``attendee`` is then as the database has it.

    ``key`` tells a door's repeated message from a second sign-in: the same key is True again.
    """
    moment = at or clock.now()
    row = Attendee.objects.filter(pk=attendee.pk) if _takes(attendee, moment) else NOBODY
    facts = {"signed_in_by": by, "channel": channel, "sign_in_key": key}
    # One row and no join: of two doors the second finds the first one's time and changes nothing.
    came = row.filter(signed_in_at=None).update(signed_in_at=moment, **facts, **IN_PERSON)
    returned = not came and row.filter(left_at__lt=moment).update(left_at=None)
    attendee.refresh_from_db()
    if came:
        record(
            attendee,
            gettext_noop("Signed in to the meeting"),
            by=by,
            how=channel,
            at=moment.isoformat(),
        )
    elif returned:
        record(attendee, gettext_noop("Came back"), by=by, at=moment.isoformat())
    return bool(came or returned or (key and attendee.sign_in_key == key))


@transaction.atomic
def sign_out(attendee: Attendee, *, by: User, at: datetime | None = None) -> bool:
    """Note that one has left; False where they were not there."""
    moment = at or clock.now()
    row = Attendee.objects.filter(pk=attendee.pk) if _takes(attendee, moment) else NOBODY
    left = row.filter(left_at=None, signed_in_at__lte=moment).update(left_at=moment)
    attendee.refresh_from_db()
    if left:
        record(attendee, gettext_noop("Left the meeting"), by=by, at=moment.isoformat())
    return bool(left)


@transaction.atomic
def sign_in_many(
    meeting: Meeting, keys: Iterable[int], *, by: User, channel: str = Channel.LIST
) -> int:
    """Sign in those who are ticked on a list and not in yet; the record has one entry for all."""
    rows = Attendee.objects.filter(meeting=meeting, pk__in=list(keys), signed_in_at=None)
    names = [str(row) for row in rows.select_related("organisation")]
    now = clock.now()
    came = rows.update(signed_in_at=now, signed_in_by=by, channel=channel, **IN_PERSON)
    if came:
        record(
            meeting,
            gettext_noop("Signed in to the meeting"),
            by=by,
            how=channel,
            number=came,
            names=names,
        )
    return came


@transaction.atomic
def sign_out_many(meeting: Meeting, keys: Iterable[int], *, by: User) -> int:
    rows = Attendee.objects.filter(meeting=meeting, pk__in=list(keys)).here()
    names = [str(row) for row in rows.select_related("organisation")]
    left = rows.update(left_at=clock.now())
    if left:
        record(meeting, gettext_noop("Left the meeting"), by=by, number=left, names=names)
    return left


@transaction.atomic
def keep_sheet(
    meeting: Meeting, upload: "UploadedFile[bytes]", keys: Iterable[int], *, by: User
) -> int:
    """Keep a scanned sign-in sheet as evidence, and sign in whoever has signed on it."""
    file = store(upload, by=by, kinds=DOCUMENTS)
    SignInSheet.objects.create(meeting=meeting, file=file, by=by)
    record(meeting, gettext_noop("Sign-in sheet kept"), by=by, sha256=file.sha256)
    return sign_in_many(meeting, keys, by=by, channel=Channel.PAPER)


def _takes(attendee: Attendee, moment: datetime) -> bool:
    """Does the meeting take sign-ins of that moment? Until it closed, handed in soon after."""
    meeting = Meeting.objects.get(pk=attendee.meeting_id)
    if meeting.closed_at:
        return moment <= meeting.closed_at and clock.now() < meeting.closed_at + LATE
    return meeting.state in Meeting.AHEAD
