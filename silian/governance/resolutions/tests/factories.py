from datetime import timedelta
from itertools import count
from typing import Any

from silian.engines.tallying import Votes
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership, make_secretary, make_staff
from silian.governance.motions.models import Motion
from silian.governance.motions.tests.factories import make_motion, make_session
from silian.governance.resolutions import services
from silian.governance.resolutions.models import Resolution
from silian.governance.votes.services import close_vote, put_to_vote
from silian.kernel import clock
from silian.kernel.accounts.models import User

numbers = count(1)


def make_resolution(
    consortium: Consortium, *, owner: Organisation | None = None, days: int = 30, **fields: Any
) -> Resolution:
    """One to be carried out by a member in so many days."""
    number = next(numbers)
    facts: dict[str, Any] = {"title_zh": f"决定{number}", "title_en": f"Decision {number}"}
    facts |= {"decided_on": clock.today(), "due_on": clock.today() + timedelta(days=days)}
    facts["owner"] = owner or make_owner(consortium)
    by = fields.pop("by", None) or make_secretary(consortium)
    return services.enter_resolution(consortium, by=by, **(facts | fields))


def make_owner(consortium: Consortium) -> Organisation:
    """A member with one person who acts for it."""
    unit = make_membership(consortium).organisation
    make_staff(unit)
    return unit


def make_carried(consortium: Consortium, *, by: User | None = None, **fields: Any) -> Motion:
    """A motion that three units have carried by show of hands."""
    by = by or make_secretary(consortium)
    meeting = make_session(consortium)
    motion = make_motion(meeting.items.get(), by=by, **fields)
    put_to_vote(motion, by=by, way=Motion.Way.HANDS)
    close_vote(motion, by=by, hands=Votes(favour=3))
    motion.refresh_from_db()
    return motion
