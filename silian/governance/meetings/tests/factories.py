from datetime import timedelta
from itertools import count

from silian.governance.charters.models import Charter
from silian.governance.consortia.models import Consortium
from silian.governance.meetings import services
from silian.governance.meetings.models import Attendee, Item, Meeting
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User

numbers = count(1)


def make_chartered(units: int = 3, **fields: object) -> Consortium:
    """A consortium with a charter and so many member units."""
    consortium = make_consortium()
    facts: dict[str, object] = {"version": 1, "in_force_from": clock.today()}
    Charter.objects.create(consortium=consortium, **(facts | fields))
    for _unit in range(units):
        make_membership(consortium)
    return consortium


def make_meeting(consortium: Consortium | None = None, **fields: object) -> Meeting:
    """A draft of an assembly in three weeks, with one item on its agenda."""
    number = next(numbers)
    starts = clock.now() + timedelta(days=21)
    facts: dict[str, object] = {
        "organ": "" if "body" in fields else "assembly",
        "title_zh": f"成员大会{number}",
        "title_en": f"Assembly {number}",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "place_zh": "会议中心",
    }
    meeting = Meeting.objects.create(consortium=consortium or make_chartered(), **(facts | fields))
    Item.objects.create(meeting=meeting, title_zh="工作报告", title_en="Report")
    return meeting


def make_called(consortium: Consortium | None = None, **fields: object) -> Meeting:
    """A meeting to which the units of the consortium are invited."""
    meeting = make_meeting(consortium, **fields)
    services.call_meeting(meeting, by=make_secretary(meeting.consortium))
    return meeting


def make_current(consortium: Consortium | None = None, **fields: object) -> Meeting:
    """A called meeting that starts in a moment, so that people can be signed in."""
    meeting = make_called(consortium, **fields)
    soon = clock.now() + timedelta(minutes=10)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=3))
    meeting.refresh_from_db()
    return meeting


def make_open(consortium: Consortium | None = None, **fields: object) -> Meeting:
    meeting = make_current(consortium, **fields)
    services.open_meeting(meeting, by=make_secretary(meeting.consortium))
    return meeting


def make_attendee(
    meeting: Meeting,
    *,
    organisation: Organisation | None = None,
    user: User | None = None,
    **fields: object,
) -> Attendee:
    """A guest; ``votes=1`` makes it a unit that votes."""
    number = next(numbers)
    if fields.get("votes") and not organisation:
        organisation = make_organisation()
    facts = {} if organisation else {"name": f"来宾{number}", "affiliation": "某某学院"}
    return Attendee.objects.create(
        meeting=meeting, organisation=organisation, user=user, **(facts | fields)
    )
