from datetime import timedelta
from typing import Any

from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Meeting
from silian.governance.members.tests.factories import make_secretary
from silian.governance.minutes import services
from silian.governance.minutes.models import Minutes
from silian.governance.motions.tests.factories import make_rule, make_session, voter_of
from silian.kernel import clock
from silian.kernel.accounts.models import User


def make_closed_meeting(consortium: Consortium, **fields: Any) -> Meeting:
    """Four units, three of them there; the charter asks for two thirds."""
    if not consortium.charters.exists():
        make_rule(consortium, base="valid")
    meeting = make_session(consortium, units=4, present=3, **fields)
    return close(meeting)


def close(meeting: Meeting) -> Meeting:
    Meeting.objects.filter(pk=meeting.pk).update(state="closed", closed_at=clock.now())
    meeting.refresh_from_db()
    return meeting


def make_draft(consortium: Consortium, *, by: User | None = None, **fields: Any) -> Minutes:
    meeting = make_closed_meeting(consortium)
    return services.draft_minutes(meeting, by=by or make_secretary(consortium), **fields)


def make_circulated(
    consortium: Consortium, *, by: User | None = None, approvers: list[User] | None = None
) -> Minutes:
    """Circulated for a week, to be approved by the first attendee's person."""
    by = by or make_secretary(consortium)
    minutes = make_draft(consortium, by=by)
    chair = voter_of(minutes.meeting.attendees.order_by("pk").first().organisation)
    until = clock.today() + timedelta(days=7)
    who = [chair] if approvers is None else approvers
    services.circulate(minutes, by=by, objections_until=until, approvers=who)
    return minutes
