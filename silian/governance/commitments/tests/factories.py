from datetime import timedelta
from itertools import count

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.commitments.models import Commitment, Evaluation
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium
from silian.kernel import clock

numbers = count(1)


def make_signed(consortium: Consortium | None = None, **fields: object) -> Agreement:
    """An agreement in force between two members."""
    facts = {"state": Agreement.State.SIGNED}
    return make_agreement(consortium or make_consortium(), **(facts | fields))


def make_commitment(agreement: Agreement | None = None, **fields: object) -> Commitment:
    """Party A has to do something for Party B within thirty days."""
    agreement = agreement or make_signed()
    first, second = (party.organisation for party in agreement.party_set.order_by("order")[:2])
    number = next(numbers)
    facts: dict[str, object] = {"owner": first, "checker": second, "agreement": agreement}
    facts |= {"title_zh": f"义务{number}", "title_en": f"Obligation {number}"}
    facts["due"] = clock.today() + timedelta(days=30)
    if fields.get("state") in Commitment.SETTLED:
        facts["settled_on"] = clock.today()
    return Commitment.objects.create(**(facts | fields))


def make_evaluation(agreement: Agreement | None = None, **fields: object) -> Evaluation:
    facts = {"year": clock.today().year, "answer_until": clock.today() + timedelta(days=30)}
    return Evaluation.objects.create(agreement=agreement or make_signed(), **(facts | fields))
