from itertools import count

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.industry.outlines.models import Template
from silian.kernel.codes.tests.factories import make_code

numbers = count(1)


def make_template(
    consortium: Consortium, organisation: Organisation | None = None, **fields: object
) -> Template:
    """An employer's template, or a sample of the consortium where no employer is given."""
    facts: dict[str, object] = {
        "kind": Position.Kind.EMPLOYMENT,
        "title_zh": f"模板{next(numbers)}",
        "occupation": make_code(),
        "places": 2,
        "pay_low": 6000,
    }
    return Template.objects.create(
        consortium=consortium, organisation=organisation, **(facts | fields)
    )
