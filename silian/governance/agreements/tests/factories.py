from datetime import timedelta
from itertools import count

from silian.governance.agreements.models import Agreement, Party
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership
from silian.kernel import clock

numbers = count(1)


def make_agreement(
    consortium: Consortium, parties: list[Organisation] | None = None, **fields: object
) -> Agreement:
    """A draft between two members; ``state="signed"`` brings the days it needs."""
    number = next(numbers)
    facts: dict[str, object] = {"title_zh": f"协议{number}", "title_en": f"Agreement {number}"}
    facts |= {"kind": Agreement.Kind.ORDER_CLASS}
    if fields.get("state") in (Agreement.State.SIGNED, Agreement.State.ENDED):
        facts |= {"signed_on": clock.today(), "expires_on": clock.today() + timedelta(days=365)}
    if fields.get("state") == Agreement.State.ENDED:
        facts["ended_on"] = clock.today()
    agreement = Agreement.objects.create(consortium=consortium, **(facts | fields))
    if parties is None:
        parties = [make_membership(consortium).organisation for _ in range(2)]
    for order, organisation in enumerate(parties, start=1):
        Party.objects.create(agreement=agreement, organisation=organisation, order=order)
    return agreement
