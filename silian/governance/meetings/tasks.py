"""Mail to those invited, and reminders the day before."""

from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from silian.governance.meetings import invitations, services
from silian.governance.meetings.models import Attendee, Meeting
from silian.kernel import clock
from silian.kernel.accounts.models import User

BEFORE = timedelta(hours=24)


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_mail(
    attendee_id: int, user_id: int | None, message: str, params: dict[str, str], revision: int
) -> None:
    """Send one person the meeting, as an invitation, an update or a cancellation."""
    rows = Attendee.objects.select_related("meeting__consortium", "meeting__body")
    attendee = rows.filter(pk=attendee_id).first()
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if attendee and (user or not user_id):
        invitations.mail(attendee, user, message, params, revision)


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="meetings.remind")
def remind(timestamp: int) -> None:
    """Remind of what begins within a day; whoever was called for the very next day knows."""
    soon = Meeting.objects.filter(
        state=Meeting.State.CALLED,
        reminded_at=None,
        starts_at__range=(clock.now(), clock.now() + BEFORE),
        called_at__lt=clock.now() - BEFORE,
    )
    for meeting in soon.select_related("consortium"):
        services.remind(meeting)
