from decimal import Decimal
from itertools import count

from silian.governance.agreements.models import Agreement
from silian.governance.commitments.tests.factories import make_signed
from silian.governance.contributions.models import Confirmation, Entry, Pledge
from silian.kernel import clock

numbers = count(1)


def sides(agreement: Agreement) -> dict[str, object]:
    """Party A gives to Party B."""
    first, second = (party.organisation for party in agreement.party_set.order_by("order")[:2])
    return {"agreement": agreement, "giver": first, "receiver": second}


def make_pledge(agreement: Agreement | None = None, **fields: object) -> Pledge:
    number = next(numbers)
    facts = sides(agreement or make_signed())
    facts |= {"kind": "money", "unit": "yuan", "amount": Decimal(100_000)}
    facts |= {"text_zh": f"承诺{number}", "text_en": f"Pledge {number}"}
    return Pledge.objects.create(**(facts | fields))


def make_entry(of: Pledge | Agreement | None = None, **fields: object) -> Entry:
    """Something given, of a pledge or without one; ``confirmed=True`` makes it count."""
    confirmed = fields.pop("confirmed", None)
    facts: dict[str, object] = {"kind": "money", "unit": "yuan", "amount": Decimal(10_000)}
    if isinstance(of, Pledge):
        same = "agreement giver receiver kind unit".split()
        facts |= {"pledge": of} | {name: getattr(of, name) for name in same}
    else:
        facts |= sides(of or make_signed())
    facts |= {"on": clock.today(), "text": f"第{next(numbers)}笔"}
    entry = Entry.objects.create(**(facts | fields))
    if confirmed is not None:
        reason = "" if confirmed else "未收到"
        Confirmation.objects.create(entry=entry, accepted=confirmed, reason=reason)
    return entry
