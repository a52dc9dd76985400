from datetime import timedelta
from itertools import count

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_consortium, make_membership
from silian.industry.demand.models import Position
from silian.industry.demand.work import NEEDED_OF
from silian.kernel import clock
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code

numbers = count(1)
OF_A_KIND = {"pay_low": 5000, "shift": "day", "mentors": 2, "hours": 40, "duties_zh": "操作设备"}


def make_position(
    consortium: Consortium | None = None,
    organisation: Organisation | None = None,
    state: str = Position.State.PUBLISHED,
    **fields: object,
) -> Position:
    """A complete position of a current member, published unless told otherwise."""
    consortium = consortium or make_consortium()
    organisation = organisation or make_membership(consortium).organisation
    number = next(numbers)
    facts: dict[str, object] = {
        "kind": Position.Kind.EMPLOYMENT,
        "title_zh": f"岗位{number}",
        "title_en": f"Position {number}",
        "occupation": make_code(),
        "region": make_code(CodeList.Kind.REGION),
        "places": 3,
        "starts_on": clock.today() + timedelta(days=60),
        "contact_name": "王经理",
    }
    if state in (Position.State.PUBLISHED, Position.State.CLOSED):
        facts |= {"published_at": clock.now(), "confirmed_on": clock.today()}
    facts |= fields
    return Position.objects.create(
        consortium=consortium, organisation=organisation, state=state, **(of_kind(facts) | facts)
    )


def of_kind(facts: dict[str, object]) -> dict[str, object]:
    """What the kind of this position must state beside the rest."""
    known = OF_A_KIND | {"ends_on": facts["starts_on"] and facts["starts_on"] + timedelta(days=180)}
    return {name: known[name] for name in NEEDED_OF[str(facts["kind"])] if name in known}
