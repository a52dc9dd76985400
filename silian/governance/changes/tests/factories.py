from datetime import timedelta

from silian.governance.agreements.models import Agreement
from silian.governance.changes.models import EarlyEnd
from silian.governance.commitments.tests.factories import make_signed
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.kernel import clock


def make_three(consortium: Consortium | None = None, **fields: object) -> Agreement:
    """An agreement of a school and two firms that are members, in force for a year."""
    consortium = consortium or make_consortium()
    school = make_organisation(Organisation.Kind.COLLEGE)
    units = [make_membership(consortium, school).organisation]
    units += [make_membership(consortium).organisation for _number in range(2)]
    return make_signed(consortium, parties=units, kind=Agreement.Kind.FRAMEWORK, **fields)


def make_early_end(agreement: Agreement | None = None, **fields: object) -> EarlyEnd:
    """Party A asks to end it in a month."""
    agreement = agreement or make_three()
    today = clock.today()
    facts: dict[str, object] = {"organisation": agreement.party_set.all()[0].organisation}
    facts |= {"reason": "产线调整", "last_day": today + timedelta(days=30)}
    facts |= {"answer_until": today + timedelta(days=15)}
    return EarlyEnd.objects.create(agreement=agreement, **(facts | fields))
