from datetime import timedelta
from typing import Any

from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.members.tests.factories import make_secretary
from silian.governance.motions.models import Motion
from silian.governance.motions.tests.factories import make_letter, make_motion
from silian.governance.votes import policy, services
from silian.governance.votes.models import Vote
from silian.kernel import clock
from silian.kernel.accounts.models import User


def make_vote_on(meeting: Meeting, *, by: User | None = None, **fields: Any) -> Motion:
    """A motion of ``meeting`` that is being voted on openly, each unit by itself."""
    by = by or make_secretary(meeting.consortium)
    motion = make_motion(meeting.items.first(), by=by, **fields)
    services.put_to_vote(motion, by=by, closes_at=clock.now() + timedelta(minutes=15))
    return motion


def make_open_letter(consortium: Any, *, days: int = 7, **fields: Any) -> Motion:
    """A vote by correspondence that all current members were asked to answer."""
    by = make_secretary(consortium)
    motion = make_letter(consortium, by=by, **fields)
    services.put_to_vote(motion, by=by, closes_at=clock.now() + timedelta(days=days))
    return motion


def give(motion: Motion, attendee: Attendee, choice: str, *, by: User) -> Vote:
    return services.cast(motion, right_of(motion, attendee), choice, by=by)


def right_of(motion: Motion, attendee: Attendee) -> policy.Right:
    rights = policy.rights_for(motion)
    return next(right for right in rights if right.organisation == attendee.organisation)
