from itertools import count

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation
from silian.governance.plaques.models import Plaque
from silian.kernel import clock

numbers = count(1)


def make_plaque(
    consortium: Consortium, organisation: Organisation | None = None, **fields: object
) -> Plaque:
    facts = {"number": f"TEST-{next(numbers):04}", "inscription_zh": "理事单位"}
    facts |= {"inscription_en": "Council unit", "issued_on": clock.today()}
    return Plaque.objects.create(
        consortium=consortium, organisation=organisation or make_organisation(), **(facts | fields)
    )
