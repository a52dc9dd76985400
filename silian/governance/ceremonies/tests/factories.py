from collections.abc import Sequence
from datetime import timedelta

from silian.governance.ceremonies.models import Ceremony, Turn
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Item, Meeting
from silian.governance.members.tests.factories import make_consortium
from silian.governance.signing.models import Process
from silian.governance.signing.tests.factories import (
    make_frozen,
    make_process,
    make_signatory,
    parties_of,
)
from silian.kernel import clock


def make_item(consortium: Consortium | None = None, **fields: object) -> Item:
    """A ceremony on the agenda of a meeting that is in session."""
    now = clock.now()
    facts: dict[str, object] = {"title_zh": "理事会", "title_en": "Council", "organ": "council"}
    facts |= {"starts_at": now, "ends_at": now + timedelta(hours=2), "state": "open"}
    facts |= {"called_at": now, "opened_at": now}
    meeting = Meeting.objects.create(consortium=consortium or make_consortium(), **(facts | fields))
    names = {"title_zh": "签约仪式", "title_en": "Signing ceremony"}
    return Item.objects.create(meeting=meeting, kind=Item.Kind.CEREMONY, **names)


def make_opened(consortium: Consortium, parties: int = 2) -> Process:
    """An agreement of ``consortium`` that is open for signing."""
    agreement = make_frozen(consortium, parties)
    process = make_process(agreement)
    for party in parties_of(agreement):
        make_signatory(process, party)
    return process


def make_ceremony(
    item: Item | None = None, signings: Sequence[Process] | None = None, **fields: object
) -> Ceremony:
    """A ceremony of three agreements that has not begun."""
    item = item or make_item()
    consortium = item.meeting.consortium
    signings = [make_opened(consortium) for _ in range(3)] if signings is None else signings
    ceremony = Ceremony.objects.create(item=item, **fields)
    for order, process in enumerate(signings, start=1):
        Turn.objects.create(ceremony=ceremony, agreement=process.agreement, order=order)
    return ceremony
