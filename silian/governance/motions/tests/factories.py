"""A charter, a meeting in session with units that vote, and motions at every stage."""

from datetime import timedelta
from itertools import count
from typing import Any

from silian.governance.charters.models import Charter, MatterRule, Organ
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Attendee, Item, Meeting
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership, make_secretary, make_staff
from silian.governance.motions import services
from silian.governance.motions.models import Motion
from silian.kernel import clock
from silian.kernel.accounts.models import User

numbers = count(1)


def make_rule(consortium: Consortium, **fields: Any) -> MatterRule:
    """A rule of the assembly for ordinary matters; the charter is made where there is none."""
    charter = consortium.charters.first() or Charter.objects.create(
        consortium=consortium, version=1, in_force_from=clock.today() - timedelta(days=300)
    )
    facts = {"organ": Organ.ASSEMBLY, "matter": "ordinary"}
    return MatterRule.objects.create(charter=charter, **(facts | fields))


def make_session(
    consortium: Consortium, *, units: int = 3, present: int | None = None, **fields: Any
) -> Meeting:
    """A meeting of the assembly in session: so many units, so many of them signed in."""
    now = clock.now()
    facts: dict[str, Any] = {"organ": Organ.ASSEMBLY, "state": Meeting.State.OPEN}
    facts |= {"title_zh": f"第{next(numbers)}次全体会议", "title_en": "General meeting"}
    facts |= {"starts_at": now, "ends_at": now + timedelta(hours=2)}
    facts |= {"called_at": now - timedelta(days=20), "opened_at": now}
    facts["charter"] = consortium.charters.first()
    meeting = Meeting.objects.create(consortium=consortium, **(facts | fields))
    for number in range(units):
        here = number < (units if present is None else present)
        make_attendee(meeting, here=here)
    make_item(meeting)
    return meeting


def make_attendee(meeting: Meeting, *, here: bool = True, **fields: Any) -> Attendee:
    """A member unit with one vote, for which one person acts."""
    facts: dict[str, Any] = {"votes": 1}
    if "organisation" not in fields:
        facts["organisation"] = make_membership(meeting.consortium).organisation
        make_staff(facts["organisation"])
    if here:
        facts |= {"signed_in_at": clock.now(), "channel": Attendee.Channel.LIST}
    return Attendee.objects.create(meeting=meeting, **(facts | fields))


def make_item(meeting: Meeting, **fields: Any) -> Item:
    facts: dict[str, Any] = {"kind": Item.Kind.MOTION, "title_zh": "审议年度计划"}
    facts |= {"title_en": "The plan of the year", "order": meeting.items.count() + 1}
    return Item.objects.create(meeting=meeting, **(facts | fields))


def make_motion(item: Item, *, by: User | None = None, **fields: Any) -> Motion:
    number = next(numbers)
    facts: dict[str, Any] = {"title_zh": f"议案{number}", "title_en": f"Motion {number}"}
    facts |= {"text_zh": "通过年度计划。\n\n经费五十万元。", "text_en": "Adopt.\n\nSpend 50."}
    by = by or make_secretary(item.meeting.consortium)
    return services.propose(Motion(item=item, **(facts | fields)), by=by)


def make_letter(consortium: Consortium, *, by: User | None = None, **fields: Any) -> Motion:
    """A motion for a vote of the assembly by correspondence."""
    facts: dict[str, Any] = {"title_zh": f"函审议案{next(numbers)}", "title_en": "By letter"}
    facts |= {"text_zh": "同意吸收新成员。", "text_en": "Admit.", "organ": Organ.ASSEMBLY}
    motion = Motion(consortium=consortium, **(facts | fields))
    return services.propose(motion, by=by or make_secretary(consortium))


def voter_of(unit: Organisation) -> User:
    return unit.roles.get().user
